/** Everybody gives names to others as they like: what is inside agrees all the same, for there people are keys. */
import { afterEach, expect, test } from 'vitest';
import type { UserName } from '../../src/base/ids.ts';
import { newIdentity } from '../../src/crypto/identity.ts';
import { innerNames, nameOfKey } from '../../src/peer/inner-names.ts';
import { memoryVault } from '../../src/peer/memory-vault.ts';
import type { ClientMessage } from '../../src/protocol/client-messages.ts';
import { parsePlainName } from '../../src/protocol/names.ts';
import type { ServerMessage } from '../../src/protocol/server-messages.ts';
import { newId, type Person, type PersonOptions, until } from './relay.ts';
import { meanwhile } from './time.ts';
import { inTown } from './town.ts';

const town = inTown();
/** By the name that the relay knows somebody by: what they call others. */
const books = new Map<string, Map<string, string>>();

afterEach(() => books.clear());

const FIELDS = ['from', 'to', 'user'] as const;

function renamed<M extends ClientMessage | ServerMessage>(
  message: M,
  book: ReadonlyMap<string, string> | undefined,
): M {
  const copy: Record<string, unknown> = { ...message };
  for (const field of FIELDS) {
    const name = copy[field];
    if (typeof name === 'string') copy[field] = book?.get(name) ?? name;
  }
  return copy as M;
}

/** Somebody who calls themself and others as they like; to the relay they are `name`. */
async function person(
  name: string,
  called: string,
  others: Record<string, string>,
  more: PersonOptions = {},
): Promise<Person> {
  const book = new Map([...Object.entries(others), [name, called]]);
  books.set(name, book);
  const { relay } = town;
  relay.tamper = ({ user }, message) => [renamed(message, books.get(user))];
  if (!Object.hasOwn(relay, 'handle')) {
    const handle = relay.handle.bind(relay);
    relay.handle = (from, message) => {
      const back = new Map([...(books.get(from.user) ?? [])].map(([real, local]) => [local, real]));
      handle(from, renamed(message, back));
    };
  }
  return await town.person(name, { byKey: true, called, ...more });
}

/** Both call themselves alice; each has another name for the other. */
const both = async (): Promise<[Person, Person]> => [
  await person('one', 'alice', { two: 'alice-2222' }),
  await person('two', 'alice', { one: 'alice-1111' }),
];

/** A person as another knows them. */
const as = (one: Person, name: string): Person => Object.assign(Object.create(one) as Person, { name });

test('a name inside is one that anybody may have, and another for each key', () => {
  const names = Array.from({ length: 20 }, () => nameOfKey(newIdentity().device));
  expect(names.every((name) => parsePlainName(name).ok && name.startsWith('key-'))).toBe(true);
  expect(new Set(names).size).toBe(20);
});

test('a name inside that is neither of the two is nobody’s, also where we know somebody by it', () => {
  const [us, them] = ['alice', 'bob'].map((user) => ({ user: user as UserName, device: newIdentity().device }));
  const { inward, outward } = innerNames(true).between({ us: us!, them: them! });
  const react = (from: UserName) => ({ kind: 'react', of: { from, id: newId() }, emoji: '👍', on: true }) as const;
  for (const { user } of [us!, them!]) {
    expect(outward(inward(react(user)))).toMatchObject({ of: { from: user } });
    expect(outward(react(user))).toMatchObject({ of: { from: '~nobody' } });
  }
  const server = innerNames(false).between({ us: us!, them: them! });
  expect(server.outward(react(us!.user))).toMatchObject({ of: { from: 'alice' } });
});

test.each([false, true])(
  'two who are both called alice talk, answer, react and edit (plain text: %s)',
  async (plain) => {
    const [one, two] = await both();
    const chat = one.ask(as(two, 'alice-2222'), { plain });
    await until(() => two.status(chat) === 'asked');
    expect(two.chat(chat)?.person).toBe('alice-1111');
    two.do({ do: 'accept', chat, hideAddress: false });
    await until(() => one.status(chat) === 'open' && two.status(chat) === 'open');
    const first = one.say(chat, 'hi');
    await until(() => two.said(chat).length === 1);
    const own = 'alice' as UserName;
    two.do({ do: 'say', chat, id: newId(), text: 'hi yourself', re: { from: 'alice-1111' as UserName, id: first } });
    two.do({
      do: 'change',
      chat,
      of: { from: 'alice-1111' as UserName, id: first },
      change: { kind: 'react', emoji: '👍', on: true },
    });
    one.do({ do: 'change', chat, of: { from: own, id: first }, change: { kind: 'edit', text: 'hello' } });
    await meanwhile(() => one.all('changed').length >= 2 && two.all('changed').length >= 2);
    expect(one.all('said').at(-1)).toMatchObject({ text: 'hi yourself', re: { from: 'alice', id: first } });
    expect(one.all('changed').map(({ by, of }) => [by, of.from])).toContainEqual(['alice-2222', 'alice']);
    expect(two.all('changed').map(({ by, of, change }) => [by, of.from, change.kind])).toContainEqual([
      'alice-1111',
      'alice-1111',
      'edit',
    ]);
  },
);

test('mail finds its way: at once and while away, answered, edited, deleted and reacted to', async () => {
  const [one, two] = await both();
  const first = one.mail(as(two, 'alice-2222'), 'hello');
  await until(() => two.mails().length === 1);
  two.do({
    do: 'mail',
    id: newId(),
    to: 'alice-1111' as UserName,
    text: 'an answer',
    re: { from: 'alice-1111' as UserName, id: first },
  });
  await until(() => one.mails().length === 1);
  expect(two.mails()).toEqual(['alice-1111 > alice: hello']);
  expect(one.mails()).toEqual(['alice-2222 > alice: an answer']);
  expect(one.all('mail')[0]).toMatchObject({ re: { from: 'alice', id: first } });
  two.offline();
  one.mail(as(two, 'alice-2222'), 'while away');
  await until(() => one.all('mailed').length === 2);
  two.online();
  const of = { from: 'alice-1111' as UserName, id: first };
  two.do({
    do: 'changeMail',
    id: newId(),
    to: 'alice-1111' as UserName,
    of,
    change: { kind: 'react', emoji: '🎉', on: true },
  });
  one.do({
    do: 'changeMail',
    id: newId(),
    to: 'alice-2222' as UserName,
    of: { ...of, from: 'alice' as UserName },
    change: { kind: 'edit', text: 'hello again' },
  });
  const kinds = (who: Person): string[] => who.all('mailChanged').flatMap(({ what }) => what?.change.kind ?? []);
  await until(() => two.mails().length >= 2 && kinds(one).includes('react') && kinds(two).includes('edit'));
  expect(one.vault.log.find('alice-2222' as UserName, 'alice' as UserName, first)).toMatchObject({
    text: 'hello again',
    reactions: [{ emoji: '🎉', users: ['alice-2222'] }],
  });
  expect(two.vault.log.find('alice-1111' as UserName, 'alice-1111' as UserName, first)).toMatchObject({
    text: 'hello again',
  });
  one.do({
    do: 'changeMail',
    id: newId(),
    to: 'alice-2222' as UserName,
    of: { ...of, from: 'alice' as UserName },
    change: { kind: 'delete' },
  });
  await until(() => kinds(two).includes('delete'));
  expect([one.all('lostMail'), two.all('lostMail')]).toEqual([[], []]);
});

test('what is kept stands under the names that we know', async () => {
  const [one, two] = await both();
  one.mail(as(two, 'alice-2222'), 'hello');
  await until(() => two.mails().length === 1);
  expect(one.vault.sessions('alice-2222' as UserName, two.device)).toHaveLength(1);
  expect(one.vault.pins('alice-2222' as UserName).map(({ device }) => device)).toEqual([two.device]);
  expect(two.vault.log.people()).toEqual(['alice-1111']);
});

test('whoever calls themself another way goes on in the same sessions, and sends what waited', async () => {
  const [one, two] = await both();
  one.mail(as(two, 'alice-2222'), 'hello');
  await until(() => two.mails().length === 1);
  town.relay.refuse = (_, message) => (message.type === 'mail' ? 'peer_away' : undefined);
  one.mail(as(two, 'alice-2222'), 'later');
  await until(() => one.all('notMailed').length === 1);
  expect(one.all('notMailed')[0]).toMatchObject({ code: 'peer_away', wait: true });
  one.close();
  town.relay.refuse = () => undefined;
  const again = await person('one', 'ally', { two: 'alice-2222' }, { vault: one.vault });
  await until(() => two.mails().length === 2);
  expect(again.vault.sessions('alice-2222' as UserName, two.device)).toHaveLength(1);
});

test('safety numbers are the same on both sides', async () => {
  const [one, two] = await both();
  const chat = one.ask(as(two, 'alice-2222'));
  await until(() => two.status(chat) === 'asked');
  one.do({ do: 'verify', user: 'alice-2222' as UserName });
  two.do({ do: 'verify', user: 'alice-1111' as UserName });
  await until(() => one.all('safetyNumber').length + two.all('safetyNumber').length === 2);
  expect(one.all('safetyNumber')[0]?.digits).toBe(two.all('safetyNumber')[0]?.digits);
});

test('a script of the same key, which keeps no session, is read as its person', async () => {
  const [one, two] = await both();
  one.close();
  const script = await person(
    'one',
    'alice',
    { two: 'alice-2222' },
    { vault: memoryVault(one.vault.identity), once: true },
  );
  script.do({ do: 'mail', id: newId(), to: 'alice-2222' as UserName, text: 'from a script' });
  await until(() => two.mails().length + two.all('lostMail').length > 0);
  expect(two.mails()).toEqual(['alice-1111 > alice: from a script']);
});

test('without a door of its own such a chat is direct, and hides nothing', async () => {
  const [one, two] = await both();
  const chat = one.ask(as(two, 'alice-2222'));
  await until(() => two.status(chat) === 'asked');
  two.do({ do: 'accept', chat, hideAddress: true });
  await until(() => one.status(chat) === 'open' && two.status(chat) === 'open');
  for (const each of [one, two]) {
    expect(each.chat(chat)?.status).toMatchObject({ kind: 'open', path: 'direct', hidden: false });
    expect(each.notes(chat)).toEqual([]);
  }
  two.offline();
  await until(() => two.chat(chat)?.status.kind === 'open');
  expect(two.chat(chat)?.status).toMatchObject({ path: 'none' });
});

test('one who writes names and one who writes keys have no chat: nobody is taken for somebody else', async () => {
  const one = await person('one', 'alice', { two: 'bob' });
  const two = await town.person('two', {});
  const chat = one.ask(as(two, 'bob'), { plain: true });
  await until(() => two.status(chat) === 'asked');
  two.do({ do: 'accept', chat, hideAddress: false });
  await until(() => one.status(chat) === 'ended' && two.status(chat) === 'ended');
});
