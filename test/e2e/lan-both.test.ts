/** On a server and on the local network at once: real programs, on hosts of their own. */
import { describe, expect, test } from 'vitest';
import { needHosts } from '../namespaces.ts';
import { Lan } from './harness/lan.ts';
import type { Typist } from './harness/typist.ts';

const hasSeen = (one: Typist, text: string): boolean => one.screen().some((line) => line.includes(text));

describe.runIf(needHosts())('beside a server', () => {
  test('the local network has its room and its people; who is on both is one entry; each side goes on without the other', async () => {
    const lan = await Lan.start({ hosts: { desk: 1, carol: 1 } });
    const on = lan.network.on('desk');
    const server = await lan.stage.serverElsewhere(on, '--guests');
    const [alice, bob] = await lan.stage.guests(server, ['alice', 'bob'], { on });
    const carol = lan.screen('carol');
    // Bob's other program, with the same key.
    lan.lines('bob', { host: 'desk' });
    await carol.waitFor(/● bob\b/);

    alice.say('/lan on');
    await alice.waitFor(/carol\.lan/);
    await carol.waitFor(/● alice\b/);
    await alice.waitFor((lines) => lines.some((line) => /● ~bob +⌂/.test(line)));
    expect(hasSeen(alice, 'bob.lan')).toBe(false);

    alice.say('/go #lan').say('hello from both');
    await carol.waitFor(/alice +hello from both/);
    carol.say('hello from near');
    await alice.waitFor(/carol\.lan +hello from near/);
    expect(hasSeen(bob, 'hello from')).toBe(false);

    alice.say('/msg carol.lan for you alone');
    await carol.waitFor(/\d:alice/);
    carol.press('alt-2');
    await carol.waitFor('for you alone');
    carol.say('and for you').press('alt-1');

    await alice.waitFor(/\d:carol\.lan/);
    alice.say('/go carol.lan');
    await alice.waitFor('and for you');

    await server.kill('SIGKILL');
    alice.say('/go #lan');
    await alice.waitFor(/bob\.lan/);
    alice.say('nobody is in the middle');
    await carol.waitFor(/alice +nobody is in the middle/);
    await server.startAgain();
    await alice.waitFor((lines) => !lines.some((line) => line.includes('bob.lan')));
    alice.say('/lan off');
    await alice.waitFor((lines) => !lines.some((line) => line.includes('carol.lan') && line.includes('●')));
    await carol.waitFor((lines) => !lines.some((line) => line.includes('● alice')));
  });
});
