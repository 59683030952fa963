import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openStage } from './harness/open-stage.ts';
import type { Server } from './harness/server.ts';
import type { Typist } from './harness/typist.ts';

/** A peer that says what no client of ours would. */
async function rawPeer(
  server: Server,
  name: string,
): Promise<{ say(text: string): void; send(message: unknown): void; leave(): void }> {
  const socket: Socket = connect(server.port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  const send = (message: unknown): void => void socket.write(`${JSON.stringify(message)}\n`);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.once('data', () => resolve());
  socket.once('error', reject);
  send({ type: 'hello', version: 1, name, auth: { method: 'guest' } });
  await promise;
  return { say: (text) => send({ type: 'say', to: '#lobby', text }), send, leave: () => void socket.destroy() };
}

/** What nobody's text may bring to the screen: controls, what turns text around, what isn't seen, and towers of marks. */
const UNWANTED = /[^\x20-\u{10ffff}\n]|[\x7f-\x9f]|\p{Bidi_Control}|[\u200b\u2060\ufeff\u00ad]|\p{M}{9}/u;

/** Letters that are written from right to left. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
/** The program's own: where such letters are in a row, a mark is behind its first cell, and at the end of its texts. */
const OWN_MARKS = /(?<=^.)\u200e|(?<!\u200e)\u200e(?=[ │]|$)/gu;

const withoutOwnMarks = (line: string): string => (RIGHT_TO_LEFT.test(line) ? line.replaceAll(OWN_MARKS, '') : line);

/** The frame around the messages is where it belongs, on every row. */
function expectUnharmed(reader: Typist): void {
  const lines = reader.screen();
  expect(lines[0]).toMatch(/^ 1:#lobby .*~reader@/);
  expect(lines.at(-1)).toMatch(/^ online .*\d\d:\d\d$/);
  expect(lines.at(-2)).toBe('> my draft');
  expect(lines.at(-3)).toMatch(/^─+┴─+$/);
  const border = lines.at(-3)?.indexOf('┴') ?? 0;
  for (let y = 1; y < lines.length - 3; y += 1)
    expect(reader.emulator.columnsOf('│', y).includes(border), reader.emulator.picture()).toBe(true);
  expect(UNWANTED.exec(lines.map(withoutOwnMarks).join('\n'))).toBeNull();
  expect(reader.modes).toMatchObject({ screen: 'alternate', cursor: 'visible', paste: 'bracketed', mouse: 'none' });
  expect(reader.emulator.title).toMatch(/^#lobby.* - uchat$/);
  expect(reader.ending).toBeUndefined();
}

const OTHERS_COMMANDS = /\x1b\](?!2;#lobby)|\x1bP|\x1bc|\x1b\[\d*[nc]|[\x80-\x9f]|\x0e/;

const ESCAPES: readonly string[] = [
  '\x1b[2J\x1b[H cleared',
  '\x1b[?1049l left the alternate screen',
  '\x1b[?25l\x1b[?2004l\x1b[?1003h\x1b[?1004h modes',
  '\x1bc reset',
  '\x1b]2;owned\x07 title',
  '\x1b]52;c;b3duZWQ=\x07 clipboard',
  '\x1b]8;;https://example.org\x07link\x1b]8;;\x07',
  '\x1b[999;999Hfar away',
  '\x1b[5;20r\x1b[3T scrolled',
  '\x1b[6n\x1b[c\x1b]10;?\x07 asked',
  '\x1bP$q"p\x1b\\ device',
  '\x9b2J\x9d2;owned\x9c eight bits',
  '\x0e line drawing \x0f',
  'over\rwritten\b\b\b\v\f\x7f',
  '\u202eright to left\u202c \u2066isolated \u2067never closed',
  `z${'\u0301\u0489\u0335'.repeat(200)}algo`,
  '\u200b\u200c\u200d\ufeff\u00ad\u2060invisible',
  '\ud800 half a character',
  '\u{e0041}\u{e0042} tags',
  '│ │ │ │ borders ─────┴─────',
  '\n\n\n~alice  a line of somebody else\n\n',
  '꧅⸻𒐫﷽ very wide',
  '👨‍👩‍👧‍👦'.repeat(60),
  'ｗｉｄｅ　'.repeat(40),
  'word'.repeat(500),
];

test('no text from somebody else harms the reader’s screen', async () => {
  const stage = openStage();
  const server = await stage.server('--guests', '--rate-limit', 'off');
  const [reader] = await stage.guests(server, ['reader']);
  reader.type('my draft');
  const peer = await rawPeer(server, 'mallory');
  // Here the program asks for itself how the terminal draws such things; from now on nobody may.
  peer.say('👨‍👩‍👧‍👦 first');
  await reader.waitFor(() => (reader.raw.match(/\x1b\[6n/g)?.length ?? 0) > 2);
  const atFirst = reader.raw.length;
  for (const [i, text] of ESCAPES.entries()) {
    peer.say(text);
    peer.say(`mark ${i};`);
    await reader.waitFor(`mark ${i};`);
    expectUnharmed(reader);
  }
  // Titles, the clipboard, links; device control; a reset; questions that the terminal would answer as if typed.
  expect(OTHERS_COMMANDS.exec(reader.raw.slice(atFirst))).toBeNull();
});

function naughtyStrings(): string[] {
  const file = join(import.meta.dirname, '..', 'data', 'naughty-strings.json');
  const strings: string[] = JSON.parse(readFileSync(file, 'utf8'));
  return strings;
}

test('none of the strings that break programs breaks this one', async () => {
  const stage = openStage();
  const server = await stage.server('--guests', '--rate-limit', 'off');
  const [reader] = await stage.guests(server, ['reader']);
  reader.type('my draft');
  const peer = await rawPeer(server, 'mallory');
  const strings = naughtyStrings();
  for (const [i, text] of strings.entries()) {
    peer.say(text);
    if (i % 10 !== 9 && i !== strings.length - 1) continue;
    peer.say(`mark ${i};`);
    await reader.waitFor(`mark ${i};`);
    expectUnharmed(reader);
  }
  reader.press('enter');
  await reader.waitFor(/~reader +my draft/);
});

test('nor does one of them as a name, a room or a topic', async () => {
  const stage = openStage();
  const server = await stage.server('--guests', '--rate-limit', 'off');
  const [reader] = await stage.guests(server, ['reader']);
  reader.type('my draft');
  const peer = await rawPeer(server, 'mallory');
  const strings = naughtyStrings();
  for (const [i, text] of strings.entries()) {
    // Whatever the answer is: it comes, and the next one gets one too.
    (await rawPeer(server, text)).leave();
    peer.send({ type: 'join', room: text });
    peer.send({ type: 'join', room: `#${text}` });
    peer.send({ type: 'topic', room: '#lobby', text });
    // A peer that says nothing right is put out after twenty.
    peer.send({ type: 'ping' });
    if (i % 20 !== 19 && i !== strings.length - 1) continue;
    peer.say(`mark ${i};`);
    await reader.waitFor(`mark ${i};`);
    expectUnharmed(reader);
  }
  peer.send({ type: 'topic', room: '#lobby', text: 'calm again' });
  await reader.waitFor(/^ #lobby {2}calm again/m);
  reader.press('enter');
  await reader.waitFor(/~reader +my draft/);
});
