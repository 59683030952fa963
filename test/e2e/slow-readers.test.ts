import { readFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { WireClient } from '../server/client.ts';
import { openStage } from './harness/open-stage.ts';
import type { Program } from './harness/program.ts';

/** As long as a message may be, so that few of them are more than may wait for a reader. */
const TEXT = 'x'.repeat(8000);
const LAST = 'the last one';
const TYPED = 'typed while I was stopped';

interface Line {
  readonly seq: number;
  readonly text: string;
}

const jsonLines = (program: Program): Line[] =>
  program.lines().map((line) => {
    const value: Line = JSON.parse(line);
    return value;
  });

/** Connections that stand, as the server's kernel sees them (proc(5), /proc/net/tcp). */
function standing(port: number): number {
  const hex = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const rows = readFileSync('/proc/net/tcp', 'latin1').split('\n');
  const fields = rows.map((row) => row.trim().split(/\s+/));
  return fields.filter(([, local, , state]) => local?.endsWith(hex) && state === '01').length;
}

test.skipIf(process.platform !== 'linux')(
  'programs that were stopped are cut off, say why when they go on, and have everything, once',
  async () => {
    const stage = openStage();
    const server = await stage.server('--guests', '--rate-limit', 'off');
    const writer = await WireClient.guest(server.port, 'writer');
    onTestFinished(() => writer.close());
    writer.send({ type: 'say', to: '#lobby', text: 'the first one', id: 'first' });
    await writer.expect('ack');
    const tails = ['soon', 'late'].map((as) => stage.script(server, ['tail', '--json', '--limit', '1'], { as }));
    const [alice] = await stage.guests(server, ['alice']);
    const [soon, late] = tails;
    if (soon === undefined || late === undefined) throw new Error('there are two');
    for (const tail of tails) await tail.waitFor('the first one', () => tail.lines()[0]);

    for (const program of [alice, ...tails]) program.kill('SIGSTOP');
    alice.say(TYPED);
    const cut = (): number => server.log().filter(({ code }) => code === 'too_slow').length;
    let sent = 1;
    while (cut() < 3) {
      for (let i = 0; i < 20; i++) writer.send({ type: 'say', to: '#lobby', text: TEXT, id: `w${sent++}` });
      await writer.take(20);
      expect(sent).toBeLessThan(3000);
    }
    writer.send({ type: 'say', to: '#lobby', text: LAST, id: 'last' });
    const { seq: last } = await writer.expect('ack');

    for (const program of [alice, soon]) program.kill('SIGCONT');
    await alice.waitFor((lines) => lines.some((line) => line.includes(LAST)) && lines.join('').includes(TYPED));
    const whole = (tail: Program): true | undefined => (jsonLines(tail).at(-1)?.text === TYPED ? true : undefined);
    await soon.waitFor('the end', () => whole(soon));
    expect(soon.stderr).toMatch(
      /^uchat: 127\.0\.0\.1:\d+: cut off, as this program had stopped reading; trying again\nuchat: connected again; nothing was missed\n$/,
    );

    // The writer, alice and the first are here: the other one's time to hear why is over.
    await late.waitFor('the end of its connection', () => (standing(server.port) === 3 ? true : undefined));
    late.kill('SIGCONT');
    await late.waitFor('the end', () => whole(late));
    expect(late.stderr).toMatch(/^uchat: .*the connection to .* was lost.*; trying again\nuchat: connected again/);

    for (const tail of tails) {
      const lines = jsonLines(tail);
      expect(lines.map(({ seq }) => seq)).toEqual(Array.from({ length: last + 1 }, (_, i) => i + 1));
      expect(lines.at(-1)).toMatchObject({ from: '~alice', text: TYPED });
    }
  },
);
