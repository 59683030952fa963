import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lookOf } from '../screen/look.ts';
import { openStage } from './harness/open-stage.ts';
import { ONLINE, type Stage } from './harness/stage.ts';
import type { Typist } from './harness/typist.ts';

const ALICE = { as: 'alice' } as const;
/** nord's ground, and solarized's, of the 256. */
const NORD = 236;
const SOLARIZED = 230;

/** The ground under the word that the status bar never lacks, and under the line. */
const ground = ({ emulator }: Typist): number | undefined => lookOf(emulator.terminal, '> ').bg;
/** Bytes may be under way that change no letter. */
const groundIs = async (client: Typist, wanted: number | undefined): Promise<string[]> =>
  await client.waitFor(() => ground(client) === wanted);

function ownTheme(stage: Stage, name: string, text: string): void {
  const folder = join(stage.environment(ALICE).XDG_CONFIG_HOME ?? '', 'uchat', 'themes');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.toml`), text);
}

test('the list shows each theme on the real screen; what is kept is there at the next start, but not with NO_COLOR', async () => {
  const stage = openStage();
  const server = await stage.server('--guests');
  const client = stage.client(server, ALICE);
  await client.waitFor(ONLINE);
  client.say('/theme');
  await client.waitFor('▸ dark');
  client.type('n');
  await client.waitFor('▸ nord');
  await groundIs(client, NORD);
  client.press('escape');
  await client.waitUntilGone('Themes');
  await groundIs(client, undefined);
  client.say('/theme solarized-l\t');
  await groundIs(client, SOLARIZED);
  client.say('/quit');
  expect(await client.ended()).toEqual({ status: 0, signal: undefined });

  const again = stage.client(server, ALICE);
  await again.waitFor(ONLINE);
  expect(ground(again)).toBe(SOLARIZED);
  // From the first cell on: the theme before it was never shown.
  expect(again.raw).toContain(`48;5;${SOLARIZED}`);
  expect(again.raw).not.toContain('48;5;236');
  const plain = stage.client(server, { ...ALICE, env: { NO_COLOR: '1' } });
  await plain.waitFor(ONLINE);
  expect(plain.raw).not.toMatch(/[34]8;5;/);
});

test('an own theme that is written while it is looked at; its mistakes are told with their place, and nothing breaks', async () => {
  const stage = openStage();
  const server = await stage.server('--guests');
  ownTheme(stage, 'mine', 'extends = "dark"\nground = 52\n');
  const client = stage.client(server, { ...ALICE, args: ['--theme', 'mine'] });
  await client.waitFor(ONLINE);
  await groundIs(client, 52);
  ownTheme(stage, 'mine', 'extends = "dark"\nground = 53\n[roles]\nerorr = "red"\n');
  client.say('/theme reload');
  await client.waitFor(/mine\.toml:4:1: +"erorr"/);
  await client.waitFor('did you mean error?');
  await groundIs(client, 53);
  // Broken by now: the screen stays as it is, and so does the list.
  ownTheme(stage, 'mine', 'ground = \n');
  client.say('/theme reload');
  await client.waitFor(/mine\.toml:1:\d+:/);
  expect(ground(client)).toBe(53);
  client.say('/theme');
  await client.waitFor(/mine +broken/);
  client.press('escape');
  await client.waitUntilGone('Themes');

  // And a start with it is one in dark, that says why.
  const again = stage.client(server, { ...ALICE, args: ['--theme', 'mine'] });
  await again.waitFor(ONLINE);
  await again.waitFor(/mine\.toml:1:\d+:/);
  expect(ground(again)).toBeUndefined();
  const wrong = stage.client(server, { ...ALICE, args: ['--theme', 'nrod'] });
  expect(await wrong.ended()).toEqual({ status: 2, signal: undefined });
  expect(wrong.screen().join(' ')).toContain('--theme: there is no theme "nrod"; there are auto, dark, light,');
});
