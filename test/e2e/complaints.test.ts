/**
 * What users of terminal chats complain about, and does not happen here. Only what no other test shows: the whole list,
 * with the tests that show each of it, is test/complaints/table.ts.
 */
import { expect } from 'vitest';
import { script } from './harness/script.ts';
import { ONLINE } from './harness/stage.ts';

const rowsWith = (lines: readonly string[], words: string): string[] => lines.filter((line) => line.includes(words));

script(
  'whoever was cut off misses nothing, and nothing comes twice',
  async ({ people, serverGoes, serverIsBack }) => {
    const [alice, bob] = await people('alice', 'bob');
    alice.say('one');
    await bob.sees(/~alice +one/);
    await serverGoes();
    for (const person of [alice, bob]) await person.sees(/^ offline|^ connecting/m);
    bob.say('two').say('three');
    await bob.sees(/three .*waiting/);
    await serverIsBack();
    await alice.sees(/~alice +one(.*\n)+.*two(.*\n)+.*three/);
    for (const person of [alice, bob]) {
      await person.sees(ONLINE);
      await person.seesNoMore(/waiting|sending/);
      for (const text of ['one', 'two', 'three']) expect(rowsWith(person.screen(), ` ${text} `)).toHaveLength(1);
    }
  },
  ['memory', 'terminal'],
);

script(
  'a connection that is dead says so, and what is written into it is not lost',
  async ({ people, serverHangs }) => {
    const [alice] = await people('alice');
    await serverHangs();
    alice.say('is anybody there?');
    await alice.sees(/is anybody there\? .*sending/);
    await alice.sees(/^ no answer for \d+ s/m);
    await alice.sees(/^ offline/m);
    await alice.sees(/is anybody there\? .*waiting/);
    await alice.sees('1 unsent');
  },
  ['memory'],
);

script(
  'the unread line is there for whoever looked away, with the window in front of them',
  async ({ people }) => {
    const [alice, bob] = await people('alice', 'bob');
    bob.say('seen');
    await alice.sees('seen');
    alice.looksAway();
    bob.say('unseen, one').say('unseen, two');
    await alice.sees('unseen, two');
    alice.looksBack();
    await alice.sees(/seen(.*\n)+.*─ 2 new ─.*\n.*unseen, one/);
    // It stays where it is while one reads, and goes when one answers.
    bob.say('and three');
    await alice.sees(/─ 3 new ─.*\n.*unseen, one(.*\n)+.*and three/);
    alice.say('I am back');
    await bob.sees('I am back');
    await alice.seesNoMore(/─ \d new ─/);
  },
  ['memory', 'terminal'],
);

script(
  'what rings is chosen for each chat',
  async ({ people }) => {
    const [alice, bob] = await people('alice', 'bob');
    for (const person of [alice, bob]) person.say('/join #dev');
    for (const person of [alice, bob]) await person.sees('2:#dev');
    alice.say('/notify all');
    await alice.seesNoMore('> /notify');
    alice.press('alt-1').say('/notify off');
    await alice.sees(/^ #lobby/m);
    await alice.seesNoMore('> /notify');
    // A mention, in a chat that is to be silent; and nothing of the kind, in one that is not.
    alice.press('alt-2');
    await alice.sees(/^ #dev/m);
    bob.press('alt-1').say('~alice: are you there?');
    await alice.sees('1:#lobby+1*');
    expect(alice.bells).toBe(0);
    alice.press('alt-1');
    await alice.sees(/^ #lobby/m);
    bob.press('alt-2').say('the build is green');
    await alice.sees('2:#dev+1');
    expect(alice.bells).toBe(1);
  },
  ['memory', 'terminal'],
);

script(
  'many who come and go are a line or two',
  async ({ people }) => {
    const [alice] = await people('alice');
    const names = Array.from({ length: 30 }, (_, i) => `guest${i + 10}`);
    const guests = await people(...names);
    await alice.sees('here 31');
    for (const guest of guests) await guest.leaves();
    await alice.sees(/here 1\b/);
    const messages = alice
      .screen()
      .slice(2, -3)
      .map((line) => line.split('│')[0] ?? '');
    expect(messages.filter((line) => line.includes('guest')).length).toBeLessThanOrEqual(2);
    alice.say('quiet here');
    await alice.sees(/~alice +quiet here/);
  },
  ['memory'],
);
