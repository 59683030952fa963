import { expect, test } from 'vitest';
import { user } from '../../core/drive.ts';
import { MEET_MS, pass, Scene, settle } from './scene.ts';

/** Alice on a server; on the network she is `ali`, and bob and carol are there. */
async function scene(people: readonly string[] = ['dave']) {
  const scene = new Scene();
  await scene.on('ali');
  const bob = await scene.world.comes('bob');
  scene.logIn(people);
  return { scene, bob };
}

test('people of the network are on the list beside those of the server, by their own kind of name', async () => {
  const { scene: s } = await scene();
  expect(s.people()).toEqual(['alice', 'dave']);
  await s.lanOn();
  expect(s.people()).toEqual(['alice', 'bob.lan @', 'dave']);
  expect(s.drive.tabs()).toEqual(['#lobby', '#lan']);
  // Whoever was there all the time is no news.
  expect(s.drive.events()).toEqual([]);
  await pass(5000);
  await s.world.comes('carol');
  await pass(MEET_MS);
  expect(s.people()).toEqual(['alice', 'bob.lan @', 'carol.lan @', 'dave']);
  expect(s.drive.events()).toEqual(['+ carol.lan came']);
});

test('what is said in #lan is said on the network, and nothing of it to the server', async () => {
  const { scene: s, bob } = await scene();
  await s.lanOn();
  bob.program.say({ type: 'say', id: 'b1', to: '#lobby', text: 'hi from the network' });
  await settle();
  expect(s.drive.texts('#lan')).toEqual(['hi from the network']);
  expect(s.drive.messages('#lan').map(({ from }) => from)).toEqual(['bob.lan']);
  expect(s.drive.texts()).toEqual([]);

  await s.enter('/go #lan');
  await s.enter('hi bob');
  expect(bob.program.texts).toContain('hi bob');
  expect(s.drive.messages('#lan').map(({ from, text }) => `${from}: ${text}`)).toEqual([
    'bob.lan: hi from the network',
    'alice: hi bob',
  ]);
  expect(s.drive.tab('#lan').pending).toEqual([]);
  expect(s.toServer.filter(({ type }) => type === 'say')).toEqual([]);

  await s.enter('/go #lobby');
  await s.enter('hi server');
  expect(bob.program.texts).not.toContain('hi server');
  expect(s.toServer.filter(({ type }) => type === 'say')).toMatchObject([{ to: '#lobby', text: 'hi server' }]);
});

test('a person who is on both is one entry, by their key, under the name on the server', async () => {
  const { scene: s, bob } = await scene(['robert', 'dave']);
  s.devices.set('robert', [bob.device]);
  await s.lanOn();
  expect(s.people()).toEqual(['alice', 'dave', 'robert @']);
  expect(s.drive.events()).toEqual([]);
  // The room's own list has them by the same name.
  expect([...(s.drive.tab('#lan').members ?? [])].toSorted()).toEqual(['alice', 'robert']);
});

test('whoever leaves the server and stays on the network is there by the name of the network', async () => {
  const { scene: s, bob } = await scene(['robert']);
  s.devices.set('robert', [bob.device]);
  await s.lanOn();
  s.server({ type: 'presence', user: user('robert'), state: 'offline', since: 4 as never });
  await settle();
  expect(s.people()).toEqual(['alice', 'bob.lan @']);
  s.server({ type: 'presence', user: user('robert'), state: 'online', since: 5 as never });
  await pass(1000);
  expect(s.people()).toEqual(['alice', 'robert @']);
});

test('a device that the server calls theirs, and that nobody has accepted, makes them nobody else', async () => {
  const { scene: s, bob } = await scene(['eve']);
  s.devices.set('eve', [bob.device]);
  s.pin('eve', 'another' as typeof bob.device);
  s.pin('eve', bob.device, { accepted: false });
  await s.lanOn();
  expect(s.people()).toEqual(['alice', 'bob.lan @', 'eve']);
});

test('where two on the server claim one device, it is nobody’s', async () => {
  const { scene: s, bob } = await scene(['eve', 'robert']);
  s.devices.set('eve', [bob.device]);
  s.devices.set('robert', [bob.device]);
  await s.lanOn();
  expect(s.people()).toEqual(['alice', 'bob.lan @', 'eve', 'robert']);
});

test('another device of our own is no stranger', async () => {
  const { scene: s, bob } = await scene();
  s.devices.set('alice', [bob.device]);
  await s.lanOn();
  expect(s.people()).toEqual(['alice', 'dave']);
});

test('while the server is away the network goes on, and who is on both is there by the other name', async () => {
  const { scene: s, bob } = await scene(['robert']);
  s.devices.set('robert', [bob.device]);
  await s.lanOn();
  await s.enter('/go #lan');
  s.loseServer();
  await pass(100);
  expect(s.people()).toContain('bob.lan @');
  expect(s.people()).not.toContain('robert @');
  await s.enter('still there?');
  bob.program.say({ type: 'say', id: 'b1', to: '#lobby', text: 'I am' });
  await settle();
  expect(s.drive.texts('#lan')).toEqual(['still there?', 'I am']);
  expect(bob.program.texts).toEqual(['still there?']);

  s.logIn(['robert']);
  await pass(1000);
  expect(s.people()).toEqual(['alice', 'robert @']);
  expect(s.drive.tabs()).toEqual(['#lobby', '#lan']);
  expect(s.drive.texts('#lan')).toEqual(['still there?', 'I am']);
});

test('while the network is away the server goes on, and what was said comes when it is back', async () => {
  const { scene: s, bob } = await scene();
  await s.lanOn();
  await s.enter('/go #lan');
  s.trouble = 'somebody has the lock';
  s.loseLan();
  await pass(5000);
  expect(s.people()).toEqual(['alice', 'dave']);
  expect(s.drive.state.hint?.text).toContain('somebody has the lock');
  await s.enter('hello?');
  expect(s.drive.tab('#lan').pending).toMatchObject([{ text: 'hello?', state: { kind: 'waiting' } }]);
  bob.program.say({ type: 'say', id: 'b1', to: '#lobby', text: 'where are you' });
  s.server({
    type: 'message',
    to: s.drive.tab().room,
    seq: 1 as never,
    from: user('dave'),
    text: 'here',
    time: 1 as never,
  });
  expect(s.drive.texts()).toEqual(['here']);

  s.trouble = undefined;
  await pass(10_000);
  expect(s.people()).toEqual(['alice', 'bob.lan @', 'dave']);
  expect(s.drive.texts('#lan')).toEqual(['where are you', 'hello?']);
  expect(bob.program.texts).toEqual(['hello?']);
  expect(s.drive.tab('#lan').pending).toEqual([]);
});

test('/lan off takes all of it from the screen, and this program from the network', async () => {
  const { scene: s } = await scene();
  await s.lanOn();
  await s.enter('/lan off');
  await pass(2000);
  expect(s.people()).toEqual(['alice', 'dave']);
  expect(s.drive.tabs()).toEqual(['#lobby']);
  expect(s.left).toBe(1);
  expect(s.drive.state.lanAlso).toBe(false);
  await s.lanOn();
  expect(s.people()).toEqual(['alice', 'bob.lan @', 'dave']);
});

test('to leave #lan is to turn it off', async () => {
  const { scene: s } = await scene();
  await s.lanOn();
  await s.enter('/leave #lan');
  await pass(2000);
  expect(s.drive.tabs()).toEqual(['#lobby']);
  expect(s.drive.state.memory.lan).toBeUndefined();
});

test('what was on is on again at the next start', async () => {
  const { scene: s } = await scene();
  await s.lanOn();
  expect(s.drive.state.memory.lan).toBe(true);
  const next = new Scene();
  await next.on('ali');
  next.drive.state.memory = { version: 1, lan: true };
  next.logIn();
  await next.meet();
  expect(next.drive.tabs()).toEqual(['#lobby', '#lan']);
});

test('what can’t come is said in one line, and tried again by itself', async () => {
  const { scene: s } = await scene();
  s.trouble = 'your login is no name in the chat: say what you are called with --user NAME';
  await s.lanOn();
  await pass(20_000);
  expect(s.drive.notices().filter((line) => line.includes('--user NAME'))).toHaveLength(1);
  s.trouble = undefined;
  await pass(10_000);
  expect(s.people()).toContain('bob.lan @');
});

test('a user of the server whose name looks like one of the network is another, and reached by another name', async () => {
  const { scene: s, bob } = await scene();
  await s.lanOn();
  s.server({ type: 'presence', user: user('bob.lan'), state: 'online', since: 5 as never });
  await settle();
  expect(s.people()).toEqual(['alice', 'bob.lan @', 'bob.lan_', 'dave']);
  await s.enter('/block bob.lan_');
  expect(s.toServer.filter(({ type }) => type === 'block')).toMatchObject([{ user: 'bob.lan' }]);
  await s.enter('/block bob.lan');
  expect([...s.drive.state.ignored.blocked]).toEqual(['bob.lan']);
  bob.program.say({ type: 'say', id: 'b1', to: '#lobby', text: 'hear me' });
  await settle();
  expect(s.toServer.filter(({ type }) => type === 'block')).toHaveLength(1);
});

test('who was the server’s before the network came keeps the name, and a room, too', async () => {
  const scene = new Scene();
  await scene.on('ali');
  await scene.world.comes('bob');
  const rooms = [
    { name: '#lobby', topic: '', last: 0 },
    { name: '#lan', topic: '', last: 0 },
  ];
  scene.logIn(['bob.lan'], rooms as never);
  await scene.lanOn();
  expect(scene.drive.tabs()).toEqual(['#lobby', '#lan', '#lan-2']);
  const [own] = scene.people().filter((name) => name.endsWith('@'));
  expect(own).toMatch(/^bob-\w{7}\.lan @$/);
  expect(scene.people()).toContain('bob.lan');
});

test('what one blocks on the server is blocked on the network, too', async () => {
  const { scene: s, bob } = await scene(['robert']);
  s.devices.set('robert', [bob.device]);
  s.server({ type: 'ignored', blocked: [user('robert')], muted: [] });
  await s.lanOn();
  expect([...s.drive.state.ignored.blocked].toSorted()).toEqual(['bob.lan', 'robert']);
});

test('blocks and mutes of both are one list, and a return of the server forgets none of the network’s', async () => {
  const { scene: s } = await scene();
  await s.lanOn();
  await s.enter('/mute bob.lan');
  expect([...s.drive.state.ignored.muted.keys()]).toEqual(['bob.lan']);
  expect(s.drive.notices().at(-1)).toContain('bob.lan');
  s.server({ type: 'ignored', blocked: [user('dave')], muted: [] });
  expect([...s.drive.state.ignored.blocked]).toEqual(['dave']);
  expect([...s.drive.state.ignored.muted.keys()]).toEqual(['bob.lan']);
  s.loseServer();
  s.logIn(['dave']);
  await settle();
  expect([...s.drive.state.ignored.blocked]).toEqual([]);
  expect([...s.drive.state.ignored.muted.keys()]).toEqual(['bob.lan']);
});

test('a search in all rooms has what the network has, the newest first', async () => {
  const { scene: s, bob } = await scene();
  await s.lanOn();
  bob.program.say({ type: 'say', id: 'b1', to: '#lobby', text: 'the build is green' });
  await settle();
  await s.enter('/search -a build');
  const asked = s.toServer.findLast((message) => message.type === 'search');
  expect(asked).toMatchObject({ words: 'build' });
  const entry = { room: s.drive.tab().room, seq: 7, from: user('dave'), text: 'the build is red', time: 5 };
  s.server({ type: 'found', id: asked!.id!, messages: [entry as never], more: false });
  await settle();
  expect(s.drive.state.search?.hits.map(({ room, from, text }) => `${room} ${from} ${text}`)).toEqual([
    '#lan bob.lan the build is green',
    '#lobby dave the build is red',
  ]);
});

test('/lan status is answered by our own program there', async () => {
  const { scene: s } = await scene();
  await s.lanOn();
  await s.enter('/lan status');
  expect(s.drive.notices().at(-1)).toContain('the local network:');
});

test('a search after somebody of the network finds what they have said, by the name that they have here', async () => {
  const { scene: s, bob } = await scene();
  await s.lanOn();
  bob.program.say({ type: 'say', id: 'b1', to: '#lobby', text: 'the build is green' });
  await settle();
  await s.enter('/go #lan');
  await s.enter('/search build from:bob.lan');
  expect(s.drive.state.search?.hits.map(({ room, from }) => `${room} ${from}`)).toEqual(['#lan bob.lan']);
  s.happens({ type: 'key', key: { kind: 'key', name: 'escape' } });
  await s.enter('/search build from:dave');
  expect(s.drive.state.search?.hits).toEqual([]);
  expect(s.drive.state.search?.status).toEqual({ kind: 'idle' });
});

test('a message of the network is edited, deleted, answered and given a reaction there', async () => {
  const { scene: s, bob } = await scene();
  await s.lanOn();
  await s.enter('/go #lan');
  await s.enter('teh build');
  await s.enter('/correct the build');
  bob.program.say({ type: 'react', room: '#lobby', seq: s.drive.messages('#lan')[0]!.seq, emoji: '👍', on: true });
  await settle();
  expect(s.drive.messages('#lan')).toMatchObject([
    { text: 'the build', reactions: [{ emoji: '👍', users: ['bob.lan'] }] },
  ]);
  expect(s.toServer.some(({ type }) => type === 'edit')).toBe(false);
});

test('who was asked of those who were here of late is both sides’ people', async () => {
  const { scene: s } = await scene();
  await s.lanOn();
  await s.enter('/since 1h');
  s.list(['alice', 'dave']);
  expect(s.drive.notices().at(-1)).toContain('bob.lan');
  expect(s.drive.notices().at(-1)).toContain('dave');
});

test('the server’s list of rooms has that of the network', async () => {
  const { scene: s } = await scene();
  await s.lanOn();
  await s.enter('/rooms');
  const asked = s.toServer.findLast((message) => message.type === 'rooms');
  s.server({ type: 'rooms', id: asked!.id!, rooms: [], more: false });
  expect(s.drive.notices().at(-1)).toMatch(/\* #lan +2 +everybody on the local network/);
});

test('what needs a server is refused in the words of the network, with the name that somebody has here', async () => {
  const { scene: s } = await scene();
  await s.lanOn();
  s.drive.state.operator = true;
  await s.enter('/kick bob.lan');
  expect(s.drive.state.hint?.text).toContain('needs a server');
  expect(s.toServer.some(({ type }) => type === 'kick')).toBe(false);
});

test('logged off for being idle, one is off the network, too, and with the next log-in on it again', async () => {
  const { scene: s } = await scene();
  await s.lanOn();
  const left = s.both.leave();
  s.server({ type: 'bye', reason: 'idle', text: 'you were away for long' });
  await pass(3000);
  await left;
  expect(s.left).toBe(1);
  expect(s.people()).not.toContain('bob.lan @');
  s.happens({ type: 'key', key: { kind: 'text', text: 'x' } });
  s.logIn(['dave']);
  await pass(MEET_MS);
  expect(s.people()).toContain('bob.lan @');
});
