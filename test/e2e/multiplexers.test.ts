import { describe, expect, test } from 'vitest';
import { need } from '../need.ts';
import { openStage } from './harness/open-stage.ts';
import { ONLINE } from './harness/stage.ts';
import type { Typist } from './harness/typist.ts';

/** What terminals, and the programs between, count in different ways; and where a row of it ends. */
const SAMPLES = ['早上好', '한국어', 'e\u0301', '👍', '👍🏽', '❤️', '🇨🇭', '👨‍👩‍👧‍👦', '1️⃣', '☕', '👩🏽‍🚀', '❤️‍🔥'];
const WIDE = `${SAMPLES.slice(0, 9).join(' ')} |`;

/** What may differ between two looks at the same thing: times, latencies, ages. */
const steady = (client: Typist): string[] =>
  client.screen().map((line) => line.replaceAll(/\d+/g, '#').replaceAll(/ +/g, ' '));

/** The columns in which the list's border stands, row by row between the tabs and the rule. */
const bordersOf = (client: Typist): number[][] =>
  client
    .screen()
    .slice(1, -3)
    .map((_, y) => client.emulator.columnsOf('│', y + 1));

const inputLine = (client: Typist): string | undefined => client.screen().at(-2);

describe.each(['tmux', 'screen'] as const)('inside %s', (inside) => {
  describe.runIf(need(inside))('at 80x24', () => {
    test('two people talk', async () => {
      const stage = openStage();
      const server = await stage.server('--guests');
      const [alice, bob] = await stage.guests(server, ['alice', 'bob'], { inside });
      alice.say('hello from inside');
      await bob.waitFor(/~alice +hello from inside/);
      bob.say('/join #dev');
      await bob.waitFor('2:#dev');
      bob.press('alt-1');
      bob.say('back in the lobby');
      await alice.waitFor(/~bob +back in the lobby/);
      expect(alice.screen()[0]).toContain('1:#lobby');
    });

    test('wide characters and emoji leave the border of the list straight', async () => {
      const stage = openStage();
      const server = await stage.server('--guests');
      const [alice, bob] = await stage.guests(server, ['alice', 'bob'], { inside });
      for (const text of [...SAMPLES.map((sample) => `${sample} |`), WIDE, `${SAMPLES.join(' ')} ${WIDE}`])
        bob.say(text);
      bob.say('that was it');
      await alice.waitFor('that was it');
      await bob.waitFor('that was it');
      await bob.waitUntilGone('sending');
      for (const client of [alice, bob]) {
        // Every row between the tabs and the rule has it, in one column.
        await client.waitFor(() => bordersOf(client).every((columns) => columns.length === 1));
        expect(new Set(bordersOf(client).flat()).size).toBe(1);
        // And nothing is left over of what stood there before, such as that it was on its way.
        for (const row of client.screen().slice(1, -3)) expect(row.split('│')[0]).toMatch(/^[^|]*$|\| *$/);
      }
    });

    test('down to 40x10 and back nothing is left over, and what is being written stays', async () => {
      const stage = openStage();
      const server = await stage.server('--guests');
      const [alice, bob] = await stage.guests(server, ['alice', 'bob'], { inside });
      bob.say(WIDE);
      for (let i = 1; i <= 30; i += 1) bob.say(`line ${i} of what bob has to say`);
      await alice.waitFor('line 30');
      alice.type('a draft');
      await alice.waitFor('> a draft');
      // It is measured a moment after the start, and takes room from the hints.
      await alice.waitFor(/online \d+ ms/);
      const before = steady(alice);
      for (const [columns, rows] of [
        [40, 10],
        [80, 24],
        [20, 5],
        [80, 24],
      ] as const) {
        alice.resize(columns, rows);
        await alice.waitFor(
          (lines) => lines.at(-2)?.startsWith('> a draft') === true && lines.at(-1)?.startsWith(' online') === true,
        );
        await alice.waitFor(rows > 5 ? 'line 30' : ONLINE);
      }
      await alice.waitFor(() => JSON.stringify(steady(alice)) === JSON.stringify(before));
      expect(inputLine(alice)).toBe('> a draft');
      alice.press('enter');
      await bob.waitFor(/~alice +a draft/);
    });

    test('when the connection to the session drops, it goes on, and is whole in a terminal of another size', async () => {
      const stage = openStage();
      const server = await stage.server('--guests');
      const [bob] = await stage.guests(server, ['bob']);
      const who = { as: 'alice' };
      const session = stage.session(inside, stage.uchat(server, who), who);
      await session.client.waitFor(ONLINE);
      session.client.type('a draft');
      await session.client.waitFor('> a draft');
      session.client.hangUp();
      await session.client.ended();
      bob.say(`${WIDE} unseen`);
      await bob.waitFor(/~bob .*unseen/);

      const again = session.attach({ columns: 60, rows: 14 });
      await again.waitFor('unseen');
      await again.waitFor((lines) => lines.at(-2) === '> a draft' && ONLINE.test(lines.at(-1) ?? ''));
      await again.waitFor(() => bordersOf(again).every((columns) => columns.length === 1));
      expect(new Set(bordersOf(again).flat()).size).toBe(1);
      again.press('enter');
      await bob.waitFor(/~alice +a draft/);
    });

    test('leaving leaves nothing', async () => {
      const stage = openStage();
      const server = await stage.server('--guests');
      const [alice] = await stage.guests(server, ['alice'], { inside });
      alice.press('ctrl-c');
      // The session's only program has ended, so it ends too.
      expect((await alice.ended()).status).toBe(0);
      expect(alice.modes).toMatchObject({ screen: 'normal', cursor: 'visible', paste: 'plain', mouse: 'none' });
      expect(alice.screen().join('\n')).not.toContain('#lobby');
    });
  });
});
