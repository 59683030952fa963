import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStage } from './harness/open-stage.ts';
import { ONLINE, type Stage } from './harness/stage.ts';

/** What they have in `config.toml`. */
function config(stage: Stage, as: string, toml: string): void {
  const folder = join(stage.environment({ as }).XDG_CONFIG_HOME ?? '', 'uchat');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'config.toml'), toml);
}

test('keys and the prefix are what config.toml says, on the screen too', async () => {
  const stage = openStage();
  const server = await stage.server('--guests');
  config(stage, 'alice', '[keys]\nprefix = "C-b"\n"Alt-g" = "go-to"\n"ctrl-k" = "none"\n"prefix W" = "/who"\n');
  const alice = stage.client(server, { as: 'alice', size: { columns: 100, rows: 30 } });
  await alice.waitFor(ONLINE);
  await alice.waitFor(/F1 keys {2}Alt-g go to/);
  alice.say('/join #dev');
  await alice.waitFor('2:#dev');
  alice.press('ctrl-k', 'alt-g');
  await alice.waitFor('Go to:');
  alice.type('lob').press('enter');
  await alice.waitFor(/^ #lobby/m);
  alice.press('ctrl-b');
  await alice.waitFor('Ctrl-B and then?');
  // Nobody presses anything: what can be pressed is listed.
  await alice.waitFor(/ W +\/who/);
  alice.type('W');
  await alice.waitFor('1 online, 0 away, 0 offline');
  alice.press('ctrl-b').type('2');
  await alice.waitFor(/^ #dev/m);
  alice.press('f1');
  await alice.waitFor(/Alt-g +find a chat or a person/);
  alice.press('escape');
  await alice.waitUntilGone('find a chat');
  alice.say('/quit');
  expect((await alice.ended()).status).toBe(0);
});

test('what is wrong in config.toml is a line with its place, and the client runs with the rest', async () => {
  const stage = openStage();
  const server = await stage.server('--guests');
  config(stage, 'bob', '[keys]\n"alt-g" = "go-to"\n"ctrl-i" = "quit"\n"alt-g" = "keys"\n');
  // So the lobby has a page, which must not wipe away what stood there before it came.
  expect((await stage.run(server, ['send', 'lobby', 'good morning'], { as: 'dave' })).status).toBe(0);
  const bob = stage.client(server, { as: 'bob', size: { columns: 120, rows: 30 } });
  await bob.waitFor(ONLINE);
  await bob.waitFor('good morning');
  // In the order of the file's lines, whoever has found them.
  await bob.waitFor(/✗.*config\.toml:3:1: "ctrl-i" is the[^]*✗.*config\.toml:4:1: this key is set/);
  await bob.waitFor(/config\.toml:3:1: "ctrl-i"[^✗]*\(and 1 more, in the lobby\)/);
  bob.press('alt-g');
  await bob.waitFor('Go to:');
  bob.press('escape');
  await bob.waitUntilGone('Go to:');
  bob.press('f1');
  await bob.waitFor(/Alt-g +find a chat or a person|Alt-g {2}Ctrl-K +find/);
  // No TOML at all.
  config(stage, 'carol', 'keys = = 3');
  const carol = stage.client(server, { as: 'carol' });
  await carol.waitFor(/config\.toml:1:\d+: /);
  carol.say('/keys');
  await carol.waitFor('Keys 1/2');
});
