import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Middle } from '../middle.ts';
import { needOutside, OUTSIDE } from '../outside.ts';
import { openStage } from './harness/open-stage.ts';
import { ONLINE } from './harness/stage.ts';
import { pause, until } from './harness/wait.ts';

/** Milliseconds in which a client that tried again by itself would have: its first pause is at most half a second. */
const LONG_ENOUGH_MS = 1500;

describe.runIf(needOutside())('a server elsewhere', () => {
  test('somebody who comes between is stopped on the screen, and nothing is lost', async () => {
    const stage = openStage();
    const server = await stage.server('--guests', '--host', OUTSIDE ?? '');
    const between = await Middle.before(OUTSIDE ?? '', server.port, 'honest');
    onTestFinished(() => between.close());

    const ann = stage.client(between.address, { as: 'ann' });
    await ann.waitFor(ONLINE);
    await ann.waitFor(/first connection to .*: its key/);
    ann.say('hello from elsewhere');
    await ann.waitFor(/~ann +hello from elsewhere/);
    await ann.waitUntilGone('sending');
    const known = join(stage.environment({ as: 'ann' }).XDG_DATA_HOME ?? '', 'uchat', 'known_servers');
    const before = readFileSync(known, 'utf8');

    between.manner = 'reading';
    between.cut();
    await ann.waitFor("the server's key has changed (Enter: try again)");
    // Which may be on two rows.
    await ann.waitFor(new RegExp(`forget-server[\\s│]+${between.address.replaceAll('.', '\\.')}`));
    // Enter tries once more; nothing tries by itself.
    const tries = between.connections;
    ann.say('not for them');
    await until(
      () => between.connections > tries || undefined,
      () => 'Enter tried nothing',
    );
    await ann.waitFor("the server's key has changed (Enter: try again)");
    await pause(LONG_ENOUGH_MS);
    expect(between.connections).toBe(tries + 1);
    expect(between.heard).toBe('');
    expect(readFileSync(known, 'utf8')).toBe(before);

    between.manner = 'honest';
    ann.press('enter');
    await ann.waitFor(ONLINE);
    await ann.waitUntilGone('waiting');
    const history = await stage.run(undefined, ['history', 'lobby', '--server', between.address], { as: 'ann' });
    expect(history.stdout.match(/not for them/g)).toHaveLength(1);
  });

  test('whose key has changed is told on a plain line before any screen', async () => {
    const stage = openStage();
    const server = await stage.server('--guests', '--host', OUTSIDE ?? '');
    const between = await Middle.before(OUTSIDE ?? '', server.port, 'honest');
    onTestFinished(() => between.close());
    const ann = stage.client(between.address, { as: 'ann' });
    await ann.waitFor(ONLINE);
    ann.say('/quit');
    await ann.ended();
    between.manner = 'reading';
    const again = stage.client(between.address, { as: 'ann' });
    expect(await again.ended()).toEqual({ status: 1, signal: undefined });
    await again.waitFor('The key of');
    expect(between.heard).toBe('');
  });
});
