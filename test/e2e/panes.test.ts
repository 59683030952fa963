import { describe, expect, test } from 'vitest';
import { need } from '../need.ts';
import { openStage } from './harness/open-stage.ts';
import { ONLINE } from './harness/stage.ts';
import type { Typist } from './harness/typist.ts';

/** Where the border between the panes stands, row by row from below the tabs to above the status bar. */
const bordersOf = (client: Typist): number[][] =>
  client
    .screen()
    .slice(1, -1)
    .map((_, y) => client.emulator.columnsOf('│', y + 1));

const inOneColumn = (client: Typist): boolean =>
  bordersOf(client).every((columns) => columns.length === 1) && new Set(bordersOf(client).flat()).size === 1;

const LINK = `https://box.example/builds/4012/log?from=${'0123456789'.repeat(8)}#the-end`;

describe.each(['tmux', 'screen'] as const)('inside %s', (inside) => {
  describe.runIf(need(inside))('the screen', () => {
    test('is split, each pane with its chat; it is resized and left, and is the same at the next start', async () => {
      const stage = openStage();
      const server = await stage.server('--guests');
      const [alice, bob] = await stage.guests(server, ['alice', 'bob'], { inside });
      alice.say('/join #dev');
      await alice.waitFor('2:#dev');
      bob.say('/join #dev');
      await bob.waitFor('2:#dev');
      alice.press('ctrl-]');
      alice.type('%');
      await alice.waitFor(() => inOneColumn(alice));
      const [[column = 0] = []] = bordersOf(alice);
      bob.say('早上好 👍🏽 in dev');
      bob.press('alt-1');
      bob.say('and in the lobby');
      await alice.waitFor(/in dev.*│.*/);
      await alice.waitFor(/│.*and in the lobby/);
      alice.press('ctrl-]', 'ctrl-left', 'ctrl-left', 'ctrl-left');
      await alice.waitFor(() => inOneColumn(alice) && bordersOf(alice)[0]?.[0] === column - 3);
      alice.press('ctrl-]', 'left');
      alice.say('from the left, where dev is');
      await bob.waitFor('2:#dev+1');

      // Too small for two, and back.
      alice.resize(38, 12);
      await alice.waitFor((lines) => lines[0]?.includes('pane 1/2') === true);
      alice.resize(80, 24);
      await alice.waitFor(() => inOneColumn(alice) && bordersOf(alice)[0]?.[0] === column - 3);

      alice.press('ctrl-c');
      await alice.ended();
      const again = stage.client(server, { as: 'alice', inside });
      await again.waitFor(ONLINE);
      await again.waitFor(() => inOneColumn(again) && bordersOf(again)[0]?.[0] === column - 3);
      await again.waitFor((lines) => lines[1]?.includes(' #dev') === true && lines[1].includes(' #lobby'));
    });
  });
});

describe.runIf(need('tmux'))('the bare view', () => {
  test('is copied by tmux with long lines whole, and nothing of the screen around the text', async () => {
    const stage = openStage();
    const server = await stage.server('--guests');
    const who = { as: 'alice' };
    const session = stage.session('tmux', stage.uchat(server, who), who);
    const { client } = session;
    await client.waitFor(ONLINE);
    client.say(`the log is at ${LINK} now`);
    await client.waitFor((lines) => lines.at(-2) === '>' && lines.join('\n').includes('#the-end'));
    await client.waitUntilGone('sending');
    client.press('alt-l');
    await client.waitFor('Esc or Alt-l goes back');
    const text = await session.copy();
    expect(text.split('\n')[0]?.trimEnd()).toBe(`~alice: the log is at ${LINK} now`);
    expect(text).not.toContain('│');
    client.press('escape');
    await client.waitFor(ONLINE);
    // The rows are lines of their own again.
    expect((await session.copy()).split('\n')[0]?.trimEnd()).toMatch(/^ 1:#lobby .*~alice@/);
  });
});
