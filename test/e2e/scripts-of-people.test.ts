/** What people do all day, the same in memory, in tmux and in GNU screen; and a little of it in a bare terminal. */
import { expect } from 'vitest';
import { script } from './harness/script.ts';
import { ONLINE } from './harness/stage.ts';

const MULTIPLEXERS = ['memory', 'tmux', 'screen'] as const;

script('two people talk, and each line is there once', async ({ people }) => {
  const [alice, bob] = await people('alice', 'bob');
  alice.say('lunch?');
  await bob.sees(/~alice +lunch\?/);
  bob.type('in ten');
  await alice.sees('~bob is typing');
  bob.say(' minutes');
  await alice.sees(/~bob +in ten minutes/);
  await alice.seesNoMore('is typing');
  await alice.seesNoMore('sending');
  expect(alice.screen().filter((row) => row.includes('lunch?'))).toHaveLength(1);
});

script(
  'one joins a room, goes between the tabs by number, by activity and to the last one',
  async ({ people }) => {
    const [alice, bob] = await people('alice', 'bob');
    for (const one of [alice, bob]) one.say('/join #dev');
    for (const one of [alice, bob]) await one.sees(/2:#dev/);
    alice.press('alt-1');
    await alice.sees(/^ #lobby/m);
    bob.say('the build is green');
    await alice.sees('2:#dev+1');
    alice.press('alt-a');
    await alice.sees(/~bob +the build is green/);
    await alice.seesNoMore('#dev+1');
    alice.press('ctrl-]', 'l');
    await alice.sees(/^ #lobby/m);
    alice.say('/leave #dev');
    await alice.seesNoMore('2:#dev');
  },
  MULTIPLEXERS,
);

script(
  'the screen is split, each pane has its chat, and one of them gets all of it again',
  async ({ people }) => {
    const [alice, bob] = await people('alice', 'bob');
    for (const one of [alice, bob]) one.say('/join #dev');
    for (const one of [alice, bob]) await one.sees('2:#dev');
    alice.press('ctrl-]', '%');
    await alice.sees(/#dev.*#lobby/);
    bob.say('for dev').press('alt-1');
    await bob.sees(/^ #lobby/m);
    bob.say('for the lobby');
    await alice.sees(/for dev/);
    await alice.sees(/│.*for the lobby/);
    // The keyboard is in the new pane, which shows the lobby.
    alice.say('from the right');
    await bob.sees(/~alice +from the right/);
    alice.press('ctrl-]', 'z');
    await alice.seesNoMore('for dev');
    await alice.sees('from the right');
    alice.press('ctrl-]', 'z');
    await alice.sees('for dev');
    alice.press('ctrl-]', '!');
    await alice.seesNoMore('for dev');
  },
  MULTIPLEXERS,
);

script(
  'a few letters lead to a room, a person, a command',
  async ({ people }) => {
    const [alice, bob] = await people('alice', 'bob');
    bob.say('/join #gardening');
    await bob.sees('2:#gardening');
    alice.type('a draft').press('ctrl-k');
    await alice.sees('Go to:');
    alice.type('gdn');
    await alice.sees(/▸ +#gardening/);
    alice.press('enter');
    await alice.sees('2:#gardening');
    await alice.seesNoMore('Go to:');
    alice.press('ctrl-k').type('/topic Roses');
    await alice.sees('Go to: /topic Roses');
    alice.press('enter');
    await bob.sees(/^ #gardening {2}Roses/m);
    // With nothing written, Enter leads back to where one was, and what one was writing is there.
    alice.press('ctrl-k', 'enter');
    await alice.sees(/^ #lobby/m);
    await alice.sees('> a draft');
  },
  MULTIPLEXERS,
);

script(
  'a word is looked for, and each hit is shown where it was said',
  async ({ people }) => {
    const [alice, bob] = await people('alice', 'bob');
    for (const text of ['the disk is full', 'lunch?', 'a new disk is ordered', 'soup today']) bob.say(text);
    await alice.sees('soup today');
    alice.say('/search disk');
    await alice.sees(/Search: disk.*1 of 2/);
    await alice.sees(/▸.*a new disk is ordered(.*\n)+.*the disk is full/);
    expect(alice.screen().join('\n')).not.toContain('soup');
    alice.press('n', 'enter');
    // Among what was said around it.
    await alice.sees(/the disk is full(.*\n)+.*soup today/);
    await alice.seesNoMore('Search: disk');
    alice.press('escape');
    await alice.sees(ONLINE);
  },
  MULTIPLEXERS,
);

script(
  'an answer says to what, a correction is marked, a reaction counts, and what is deleted is gone',
  async ({ people }) => {
    const [alice, bob] = await people('alice', 'bob');
    alice.say('teh build is green');
    await bob.sees('teh build is green');
    bob.press('alt-m', 'r');
    await bob.sees('replying to ~alice');
    bob.say('thanks');
    await alice.sees(/↳ ~alice: teh build is green *│.*\n +thanks/);
    alice.say('/correct the build is green');
    await bob.sees(/the build is green \(edited\)/);
    bob.say('/react 👍 alice');
    await alice.sees(/\(edited\) +👍 1/);
    alice.say('a slip');
    await bob.sees('a slip');
    alice.say('/delete');
    await alice.sees('once more');
    alice.say('/delete');
    await bob.seesNoMore('a slip');
  },
  MULTIPLEXERS,
);

script(
  'a theme is looked at, another one kept, and that is there at the next start',
  async ({ people }) => {
    const [alice] = await people('alice');
    alice.say('/theme');
    await alice.sees('▸ dark');
    alice.type('n');
    await alice.sees('▸ nord');
    alice.press('escape');
    await alice.seesNoMore('▸ nord');
    alice.say('/theme gruvbox-dark');
    await alice.seesNoMore('> /theme');
    alice.say('/theme');
    await alice.sees('▸ gruvbox-dark');
  },
  MULTIPLEXERS,
);

script(
  'a short paste is one message, and a long one is asked about first',
  async ({ people }) => {
    const [alice, bob] = await people('alice', 'bob');
    alice.paste(['if it rains', '/quit', 'we stay in'].join('\n'));
    await alice.sees('we stay in');
    alice.press('enter');
    await bob.sees(/~alice +if it rains.*\n.*\/quit.*\n.*we stay in/);
    alice.paste(Array.from({ length: 9 }, (_, i) => `row ${i + 1}`).join('\n'));
    await alice.sees('s sends it to #lobby');
    expect(bob.screen().join('\n')).not.toContain('row 9');
    await alice.answer('s');
    await bob.sees(/~alice.*if it rains(.*\n)+.*row 1\b(.*\n)+.*row 9/);
  },
  MULTIPLEXERS,
);

script(
  'what one is writing and reading is whole in a window of any size',
  async ({ people }) => {
    const [alice, bob] = await people('alice', 'bob');
    for (let i = 1; i <= 20; i += 1) bob.say(`line ${i}, 早上好 👍🏽`);
    await alice.sees('line 20,');
    alice.type('a draft');
    for (const [columns, rows] of [
      [40, 10],
      [20, 5],
      [160, 48],
      [80, 24],
    ] as const) {
      alice.resize(columns, rows);
      await alice.sees((lines) => lines.length === rows && lines.at(-2)?.startsWith('> a draft') === true);
      await alice.sees(rows > 5 ? 'line 20,' : ONLINE);
      expect(Math.max(...alice.screen().map((line) => line.length))).toBeLessThanOrEqual(columns);
    }
    await alice.sees('line 20,');
    alice.press('enter');
    await bob.sees(/~alice +a draft/);
  },
  MULTIPLEXERS,
);

script('who comes back from another terminal finds the draft, and what was said meanwhile', async ({ people }) => {
  const [alice, bob] = await people('alice', 'bob');
  bob.say('before');
  await alice.sees('before');
  alice.type('half a sent');
  await alice.sees('> half a sent');
  await alice.comesBack({ columns: 60, rows: 14 });
  bob.say('meanwhile');
  await alice.sees(/before(.*\n)+.*meanwhile/);
  await alice.sees('> half a sent');
  alice.say('ence');
  await bob.sees(/~alice +half a sentence/);
});

script(
  'names, rooms, commands and emoji are completed',
  async ({ people }) => {
    const [alice, bob] = await people('alice', 'bobby');
    await alice.sees('● ~bobby');
    alice.type('bo').press('tab');
    await alice.sees('> ~bobby:');
    alice.type('look :thumbsup:');
    await alice.sees('look 👍');
    alice.press('enter');
    await bob.sees(/~alice +~bobby: look 👍/);
    alice.type('/to').press('tab').type('Roses').press('enter');
    await bob.sees(/^ #lobby {2}Roses/m);
  },
  MULTIPLEXERS,
);

script(
  'what was sent is found again, cut, and put back',
  async ({ people }) => {
    const [alice, bob] = await people('alice', 'bob');
    for (const text of ['make the tea', 'feed the cat', 'call the bank']) alice.say(text);
    await bob.sees('call the bank');
    alice.press('ctrl-r').type('tea');
    await alice.sees('make the tea');
    alice.press('enter', 'ctrl-e', 'ctrl-w').type('coffee').press('enter');
    await bob.sees('make the coffee');
    alice.type('the first line').press('alt-enter').type('the second');
    await alice.sees(/> the first line\n +the second/);
    alice.press('ctrl-u', 'up', 'home', 'ctrl-y', 'enter');
    await bob.sees('the secondthe first line');
  },
  MULTIPLEXERS,
);

script(
  'one reads back, is told what is new below, and returns to it',
  async ({ people }) => {
    const [alice, bob] = await people('alice', 'bob');
    for (let i = 1; i <= 40; i += 1) bob.say(`line ${i};`);
    await alice.sees('line 40;');
    alice.press('pageup');
    await alice.seesNoMore('line 40;');
    bob.say('news');
    await alice.sees('1 new below');
    expect(alice.screen().join('\n')).not.toContain('news');
    alice.press('alt-end');
    await alice.sees('news');
    await alice.seesNoMore('new below');
  },
  MULTIPLEXERS,
);
