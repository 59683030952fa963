/** The pictures of what one does in a room: messages that were answered and reacted to, a search, the palette, a paste. */
import type { Typist } from '../e2e/harness/typist.ts';
import { pause } from '../e2e/harness/wait.ts';

export interface ReadingScenes {
  readonly alice: Typist;
  readonly bob: Typist;
  readonly carol: Typist;
  readonly frank: Typist;
  readonly draw: (name: string, client: Typist) => void;
}

/** Milliseconds in which a letter doesn't answer a question that has just come. */
const READING_MS = 500;

const TRACE = [
  'importer: 3 of 4120 failed',
  '  at 02:14:07  row 1877: 2026-10-25T02:30:00 is there twice',
  '  at 02:14:07  row 1878: 2026-10-25T02:45:00 is there twice',
  '  at 02:14:09  row 3310: 2026-03-29T02:10:00 is not there at all',
  'Europe/Zurich, table of 2026b',
  'what was done: the rows are left out',
  'next run: 02:14',
].join('\n');

async function picked({ alice, bob, carol, frank, draw }: ReadingScenes): Promise<void> {
  frank.press('alt-1').say('/reply bob I make room on /var, give me ten minutes');
  await alice.waitFor('ten minutes');
  carol.say('/react tada frank');
  bob.press('alt-1').say('/react +1 frank');
  await alice.waitFor(/👍 1/u);
  await alice.waitFor(/🎉 1/u);
  bob.say('the backup runs agian');
  await alice.waitFor('runs agian');
  bob.say('/correct the backup runs again');
  await alice.waitFor(/runs again.*edited/);
  alice.press('alt-m', 'up');
  await alice.waitFor(/r reply/);
  carol.type('I can');
  await alice.waitFor('carol is typing');
  draw('message-mode', alice);
  carol.press('ctrl-u');
  alice.press('+');
  await alice.waitFor(/1 👍/u);
  draw('message-react', alice);
  alice.press('3');
  await alice.waitFor(/😂 1/u);
  await alice.waitUntilGone('carol is typing');
}

async function searched({ alice, draw }: ReadingScenes): Promise<void> {
  alice.say('/search branch');
  await alice.waitFor(/1 of [2-9]/);
  draw('search', alice);
  alice.press('n', 'enter');
  await alice.waitFor(/hit 2 of|2 of [2-9]/);
  await alice.waitFor('can somebody review');
  draw('search-hit', alice);
  alice.press('escape');
  await alice.waitFor('ten minutes');
}

async function found({ alice, draw }: ReadingScenes): Promise<void> {
  alice.press('ctrl-k').type('o');
  await alice.waitFor('Go to: o');
  draw('palette', alice);
  alice.press('escape');
  await alice.waitUntilGone('Go to: ');
}

async function pasted({ alice, draw }: ReadingScenes): Promise<void> {
  alice.paste(TRACE);
  await alice.waitFor('n drops it');
  draw('paste', alice);
  await pause(READING_MS);
  alice.press('n');
  await alice.waitUntilGone('n drops it');
}

/** All four are in, alice in the lobby with an empty line, and bob has said the last word in it. */
export async function drawReading(scenes: ReadingScenes): Promise<void> {
  await picked(scenes);
  await searched(scenes);
  await found(scenes);
  await pasted(scenes);
}
