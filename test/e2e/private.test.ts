import { describe, expect, test } from 'vitest';
import { haveKeys } from './harness/chat.ts';
import { needRoot } from './harness/host.ts';
import { openStage } from './harness/open-stage.ts';
import { ONLINE, OWN_NAME } from './harness/stage.ts';

/** The line of somebody in the pane, without what stands beside it. */
const said = (lines: readonly string[], text: string): number => lines.filter((line) => line.includes(text)).length;

describe('two guests', () => {
  test('write to each other in private, and nobody else sees it', async () => {
    const stage = openStage();
    const server = await stage.server('--guests');
    const [alice, bob, carol] = await stage.guests(server, ['alice', 'bob', 'carol']);
    await haveKeys(alice, bob);
    alice.say('/msg ~bob between you and me');
    await alice.waitFor(/~bob {2}end-to-end encrypted/);
    await bob.waitFor('2:~alice+1*');
    bob.press('alt-2');
    await bob.waitFor(/~alice +between you and me/);
    bob.say('heard');
    await alice.waitFor(/~bob +heard/);
    expect(carol.screen().join('\n')).not.toContain('between you and me');
    alice.say('/leave');
    await alice.waitUntilGone('2:~bob');
  });

  test('that one blocks the other: nothing of them is seen, by either, until that ends', async () => {
    const stage = openStage();
    const server = await stage.server('--guests');
    const [alice, bob] = await stage.guests(server, ['alice', 'bob']);
    bob.say('first words of bob');
    await alice.waitFor(/~bob +first words/);
    alice.say('/block ~bob');
    await alice.waitUntilGone('first words');
    await alice.waitFor(/● ~bob +blocked/);
    // For bob, alice is gone.
    await bob.waitUntilGone('● ~alice');
    bob.say('more of bob');
    await haveKeys(bob);
    bob.say('/msg ~alice let me in');
    await bob.waitFor(/not sent: nobody here is called ~alice/);
    expect(said(alice.screen(), 'more of bob')).toBe(0);
    alice.say('/unblock ~bob');
    await alice.waitFor(/~bob +first words of bob[^]*more of bob/);
    await bob.waitFor('● ~alice');
  });

  test('that one mutes the other for a while', async () => {
    const stage = openStage();
    const server = await stage.server('--guests');
    const [alice, bob] = await stage.guests(server, ['alice', 'bob']);
    alice.say('/mute ~bob 2s');
    await alice.waitFor(/● ~bob +muted/);
    bob.say('can anybody hear me?');
    await bob.waitUntilGone('sending');
    expect(said(alice.screen(), 'can anybody')).toBe(0);
    // It ends by itself, and what was written meanwhile is there.
    await alice.waitFor(/~bob +can anybody hear me\?/);
    expect(alice.screen().join('\n')).not.toMatch(/● ~bob +muted/);
  });
});

describe.runIf(needRoot())('users of this host', () => {
  test('get what was written while they were away, in order, once, when they come', async () => {
    const stage = openStage('alice', 'bob');
    const server = await stage.server();
    const [first] = await stage.logins(server, ['bob']);
    await haveKeys(first);
    first.press('ctrl-c');
    await first.ended();
    const [alice] = await stage.logins(server, ['alice']);
    alice.say('/msg bob one');
    await alice.waitFor(/bob is not here: what you write is kept until/);
    alice.say('two');
    await alice.waitUntilGone('sending');
    const script = await stage.run(server, ['send', 'bob', 'three,', 'from a script'], { login: 'alice' });
    expect(script).toEqual({ status: 0, stdout: '', stderr: '' });
    // Their own terminal has the keys meanwhile, so it is sealed by others, which leave nothing behind.
    expect(alice.screen().join('\n')).not.toContain('three, from a script');

    const [bob] = await stage.logins(server, ['bob']);
    await bob.waitFor('2:alice+3*');
    // Not looked at, it is not gone.
    bob.press('ctrl-c');
    await bob.ended();
    const [again] = await stage.logins(server, ['bob']);
    await again.waitFor('2:alice+3*');
    again.press('alt-2');
    await again.waitFor(/alice +one .*\n.* two .*\n.*three, from a script/);
    again.press('ctrl-c');
    await again.ended();
    const [last] = await stage.logins(server, ['bob']);
    await last.waitFor('here 2');
    expect(last.screen()[0]).not.toContain('alice+');
  });

  test('miss nothing of it when the server is killed in between', async () => {
    const stage = openStage('alice', 'bob');
    const server = await stage.server();
    const [alice, bob] = await stage.logins(server, ['alice', 'bob']);
    await haveKeys(alice, bob);
    alice.say('/msg bob before');
    await bob.waitFor('2:alice+1*');
    await server.kill('SIGKILL');
    alice.say('during');
    await alice.waitFor('waiting');
    await server.startAgain();
    await bob.waitFor('2:alice+2*', 30_000);
    bob.press('alt-2');
    const lines = await bob.waitFor(/alice +before .*\n.*during/);
    expect(said(lines, 'before')).toBe(1);
    await alice.waitUntilGone('waiting', 30_000);
    await alice.waitUntilGone('sending');
    expect(said(alice.screen(), 'during')).toBe(1);
  });

  test('that one blocks the other: their script leaves them out as well', async () => {
    const stage = openStage('alice', 'bob');
    const server = await stage.server();
    const [alice, bob] = await stage.logins(server, ['alice', 'bob']);
    bob.say('hello from bob');
    await alice.waitFor('hello from bob');
    alice.say('/block bob');
    await alice.waitFor('you block bob');
    const history = await stage.run(server, ['history', 'lobby'], { login: 'alice' });
    expect(history).toEqual({ status: 0, stdout: '', stderr: '' });
    const refused = await stage.run(server, ['send', 'alice', 'please'], { login: 'bob' });
    expect(refused.status).toBe(1);
    expect(refused.stderr).toMatch(/^uchat: the server refused: alice takes no messages from you\n$/);
    // And for another log-in of hers too.
    const [second] = await stage.logins(server, ['alice']);
    await second.waitFor(/● bob +blocked/);
    expect(said(second.screen(), 'hello from bob')).toBe(0);
  });
});

test('an operator’s announcement is seen in every tab, is kept for who is away, and nobody else can make one', async () => {
  const stage = openStage();
  // Whoever runs the server is an operator, and comes with the host's log-in.
  const server = await stage.server('--guests');
  const [bob] = await stage.guests(server, ['bob']);
  const own = stage.client(server);
  await own.waitFor(ONLINE);
  own.say('/announce restart at noon');
  for (const screen of [own, bob]) {
    await screen.waitFor(new RegExp(`◆ +Announcement by ${OWN_NAME}: restart at noon`));
  }
  own.press('ctrl-c');
  await own.ended();
  expect(await stage.run(server, ['announce', 'it', 'is', 'noon'])).toEqual({ status: 0, stdout: '', stderr: '' });
  await bob.waitFor(`Announcement by ${OWN_NAME}: it is noon`);
  const refused = await stage.run(server, ['announce', 'me', 'too'], { as: 'bob' });
  expect(refused.status).toBe(1);
  expect(refused.stderr).toMatch(/^uchat: the server refused: Only operators may do this; [^\n]+\n$/);
  const again = stage.client(server);
  await again.waitFor(/Announcement by \S+?: it is noon/);
  expect(said(again.screen(), 'restart at noon')).toBe(0);
});

test('an operator puts somebody out, slows a room and closes it, and everybody concerned is told', async () => {
  const stage = openStage();
  const server = await stage.server('--guests');
  const own = stage.client(server, { size: { columns: 120, rows: 30 } });
  await own.waitFor(ONLINE);
  const [bob, carol] = await stage.guests(server, ['bob', 'carol']);
  for (const one of [own, bob]) one.say('/join #dev');
  for (const one of [own, bob]) await one.waitFor('2:#dev');
  own.say('/slow 3s');
  await bob.waitFor('everybody may write here once in 3 s now');
  for (const text of ['one', 'two']) bob.say(text);
  await own.waitFor(/~bob +one/);
  await bob.waitFor('waiting');
  await own.waitFor('two');
  own.say('/close #dev wrong place');
  await bob.waitFor(/no longer in #dev: .* has closed[^]*the room: wrong place/);
  await bob.waitUntilGone('2:#dev');
  own.say('/kick ~carol take a break');
  await carol.waitFor(/put you out: take a/);
  await own.waitFor('~carol is put out');
  carol.press('enter');
  await carol.waitFor(ONLINE);
  bob.say('/kick ~carol');
  await bob.waitFor('Only operators may do this.');
});
