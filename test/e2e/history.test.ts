import { expect, test } from 'vitest';
import { openStage } from './harness/open-stage.ts';
import { ONLINE } from './harness/stage.ts';

const MESSAGES = 500;

test('who comes later sees the last messages, and finds the older ones page by page, each once, in order', async () => {
  const stage = openStage();
  const server = await stage.server('--guests', '--rate-limit', 'off');
  const all = Array.from({ length: MESSAGES }, (_, i) => `message-${String(i + 1).padStart(3, '0')}`);
  const input = `${all.join('\n')}\n`;
  expect((await stage.run(server, ['send', 'lobby'], { as: 'writer', input })).status).toBe(0);

  const [alice] = await stage.guests(server, ['alice']);
  await alice.waitFor('message-500');
  const numbers = (): number[] =>
    alice.screen().flatMap((line) => (/message-(\d+)/.exec(line) ?? []).slice(1).map(Number));
  /** Without a gap on the screen, nor to the page below it. */
  const isWhole = (shown: readonly number[], below: number): boolean =>
    shown.every((each, i) => each === (shown[0] ?? 0) + i) &&
    (shown[0] ?? below) < below &&
    (shown.at(-1) ?? 0) >= below - 1;
  const seen = new Set<number>();
  for (let oldest = MESSAGES + 1; oldest > 1; ) {
    await alice.waitFor(() => isWhole(numbers(), oldest));
    const shown = numbers();
    for (const each of shown) seen.add(each);
    oldest = shown[0] ?? 0;
    if (oldest > 1) alice.press('pageup');
  }
  expect(seen.size).toBe(MESSAGES);

  // What comes meanwhile is announced, and doesn't move what is being read.
  const reading = numbers();
  await stage.run(server, ['send', 'lobby', 'and one more'], { as: 'writer' });
  await alice.waitFor('1 new below');
  expect(numbers().slice(0, 5)).toEqual(reading.slice(0, 5));
  alice.press('alt-end');
  await alice.waitFor('and one more');
});

test('Alt-Home goes to the oldest that is known, and Escape back to the newest', async () => {
  const stage = openStage();
  const server = await stage.server('--guests', '--rate-limit', 'off');
  const input = Array.from({ length: 60 }, (_, i) => `line ${i + 1};`).join('\n');
  await stage.run(server, ['send', 'lobby'], { as: 'writer', input });
  const [alice] = await stage.guests(server, ['alice']);
  await alice.waitFor('line 60;');
  alice.press('alt-home');
  await alice.waitFor(' line 1;');
  alice.press('escape');
  await alice.waitFor('line 60;');
  await alice.waitFor(ONLINE);
});
