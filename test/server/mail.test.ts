import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ServerMessages } from '../../src/protocol/server-messages.ts';
import type { Host } from '../../src/server/identify.ts';
import type { ServerOptions } from '../../src/server/main.ts';
import { openSqliteStore } from '../../src/server/store/sqlite/open.ts';
import { type Store, StoreError } from '../../src/server/store/store.ts';
import type { WireClient } from './client.ts';
import { startTestServer, temporaryFolder } from './running.ts';
import { deviceOf, mailTo, sayDevice } from './sealed.ts';

const UIDS = new Map([
  ['alice', 1001],
  ['bob', 1002],
  // Whoever runs the tests is the server's operator.
  ['boss', process.getuid?.() ?? 0],
]);
/** A host on which the next connection is somebody's. */
class FakeHost implements Host {
  next = 0;
  ownerOf = (): Promise<number> => Promise.resolve(this.next);
  nameOf = (uid: number): Promise<string | undefined> => Promise.resolve([...UIDS].find(([, of]) => of === uid)?.[0]);
  isUnixLogin = (name: string): Promise<boolean> => Promise.resolve(UIDS.has(name));
}

/** A server where people log in by a name of `UIDS`. */
async function start(options: Partial<ServerOptions> = {}, store?: Store) {
  const host = new FakeHost();
  const server = await startTestServer(options, { host, ...(store === undefined ? {} : { store }) });
  const login = async (name: string, more: object = {}): Promise<WireClient> => {
    host.next = UIDS.get(name) ?? -1;
    const client = await server.connect();
    client.send({ type: 'hello', version: 1, auth: { method: 'host' }, ...more });
    await client.expect('welcome');
    return client;
  };
  /** Somebody who is in as their first device. */
  const device = async (name: string): Promise<WireClient> => {
    const client = await login(name);
    client.send(sayDevice(`${name}1`));
    await client.expect('device');
    return client;
  };
  return { server, login, device };
}

/** To the first device of somebody. */
const mail = (to: string, id: string) => mailTo(to, `${to}1`, id);
const wordOf = (frame: ServerMessages['mail']): string => (frame.kind === 'sealed' ? frame.sealed.message : frame.body);

test('mail waits for its device over a restart, and comes with its own time', async () => {
  const first = await start();
  (await first.device('bob')).close();
  const alice = await first.login('alice');
  alice.send(mail('bob', 'p1'), mail('bob', 'p2'));
  const [one, two] = [await alice.expect('mailed'), await alice.expect('mailed')];
  expect([one.id, two.id, one.kept]).toEqual(['p1', 'p2', true]);
  await first.server.stop();

  const second = await start({ dataFolder: first.server.folder });
  const bob = await second.device('bob');
  const { type, ...about } = mail('bob', 'p1');
  expect(await bob.expect('mail')).toEqual({ type, n: 1, kind: 'sealed', from: 'alice', ...about, time: one.time });
  expect(await bob.expect('mail')).toMatchObject({ n: 2, device: deviceOf('bob1'), time: two.time });
  bob.send({ type: 'received', n: 2 });
  expect(await bob.drain()).toEqual([]);
  bob.close();
  (await second.login('alice')).send(mail('bob', 'p3'));
  expect(await (await second.device('bob')).expect('mail')).toMatchObject({ n: 3, id: 'p3' });
});

test('a long mailbox comes whole, in order', async () => {
  const { login, device } = await start();
  (await device('bob')).close();
  const alice = await login('alice');
  const count = 350;
  for (let i = 1; i <= count; i++) alice.send(mailTo('bob', 'bob1', `p${i}`, 'x'.repeat(6000)));
  await alice.take(count);
  const bob = await device('bob');
  const got = await bob.take(count);
  expect(got.map((frame) => (frame.type === 'mail' ? frame.n : 0))).toEqual(
    Array.from({ length: count }, (_, i) => i + 1),
  );
});

test('a block is seen at once and after a restart, by everybody whom it concerns', async () => {
  const first = await start();
  const [bob, alice] = [await first.login('bob'), await first.device('alice')];
  bob.send({ type: 'who', follow: true });
  await bob.until('users');
  alice.send({ type: 'block', id: 'b', user: 'bob' });
  expect(await alice.expect('ignored')).toMatchObject({ blocked: ['bob'] });
  expect(await alice.expect('done')).toMatchObject({ id: 'b' });
  expect(await bob.expect('presence')).toMatchObject({ user: 'alice', state: 'offline' });
  bob.send(mail('alice', 'p1'));
  expect(await bob.expect('error')).toMatchObject({ code: 'not_delivered', id: 'p1', closes: false });
  alice.close();
  const again = await first.login('alice');
  await again.expect('ignored');
  expect(await bob.drain()).toEqual([]);
  await first.server.stop();

  const second = await start({ dataFolder: first.server.folder });
  const later = await second.login('bob');
  later.send({ type: 'who', since: 3_600_000 });
  expect((await later.expect('users')).users.map(({ name }) => name)).toEqual(['bob']);
  const back = await second.login('alice');
  expect(await back.expect('ignored')).toMatchObject({ blocked: ['bob'] });
  back.send(sayDevice('alice1'));
  await back.expect('device');
  back.send({ type: 'unblock', user: 'bob' });
  await back.until('done');
  later.send(mail('alice', 'p1'));
  expect(await later.expect('mailed')).toMatchObject({ kept: false });
  expect(await back.expect('mail')).toMatchObject({ from: 'bob' });
});

test('an announcement reaches who is here and who comes later, and is in the audit log', async () => {
  const { server, login } = await start();
  (await login('bob')).close();
  const [boss, guest] = [await login('boss'), await server.guest('gil')];
  boss.send({ type: 'announce', id: 'a', text: 'The host restarts at six.' });
  expect(await boss.until('done')).toMatchObject({ id: 'a' });
  const announcement = { kind: 'announcement', from: 'boss', body: 'The host restarts at six.' };
  expect(await guest.expect('mail')).toMatchObject({ ...announcement, n: 0, to: '~gil' });
  expect(await (await login('bob')).expect('mail')).toMatchObject({ ...announcement, n: 1, to: 'bob' });
  expect(server.notices).toContainEqual(expect.objectContaining({ kind: 'audit', action: 'announce', by: 'boss' }));
  const alice = await login('alice');
  alice.send({ type: 'announce', id: 'a', text: 'me too' });
  expect(await alice.expect('error')).toMatchObject({ code: 'not_operator', closes: false });
});

test('a mute ends by the server’s clock', async () => {
  const { login } = await start();
  const alice = await login('alice');
  alice.send({ type: 'mute', user: '~gil', for: 150 });
  expect((await alice.expect('ignored')).muted).toMatchObject([{ user: '~gil' }]);
  await alice.expect('done');
  expect((await alice.expect('ignored')).muted).toEqual([]);
});

test('a mailbox that can’t be read costs its own mail, and only until the next log-in', async () => {
  const folder = temporaryFolder();
  const real = await openSqliteStore({ folder, durability: 'process' });
  let broken = false;
  const mailbox: Store['mailbox'] = (...about) =>
    broken ? Promise.reject(new StoreError('failed', 'a bad sector')) : real.mailbox(...about);
  const store = new Proxy(real, {
    get: (target, name: keyof Store) => (name === 'mailbox' ? mailbox : target[name].bind(target)),
  });
  const { login, device } = await start({ dataFolder: folder }, store);
  (await device('bob')).close();
  const alice = await login('alice');
  alice.send(mail('bob', 'p1'));
  await alice.expect('mailed');
  broken = true;
  const bob = await login('bob');
  bob.send(sayDevice('bob1'));
  expect(await bob.expect('error')).toMatchObject({ code: 'internal', closes: false });
  await bob.expect('device');
  expect(await bob.expect('error')).toMatchObject({ code: 'internal', closes: false });
  broken = false;
  alice.send(mail('bob', 'p2'));
  await alice.expect('mailed');
  bob.send({ type: 'received', n: 2 });
  expect(await bob.drain()).toEqual([]);
  expect((await (await device('bob')).take(2)).map((frame) => 'n' in frame && frame.n)).toEqual([1, 2]);
});

/** Sends again what was not acknowledged, as every client does. */
class Author {
  readonly sent: string[] = [];
  #pending: string[] = [];
  client: WireClient | undefined;

  say(id: string): void {
    this.sent.push(id);
    this.#pending.push(id);
    this.client?.send(mail('bob', id));
  }

  async connect(login: () => Promise<WireClient>): Promise<void> {
    this.client = await login();
    for (const id of this.#pending) this.client.send(mail('bob', id));
  }

  /** Hears what was acknowledged until now, or loses it with the connection. */
  async settle(): Promise<void> {
    for (const frame of (await this.client?.drain()) ?? [])
      if (frame.type === 'mailed') this.#pending = this.#pending.filter((id) => id !== frame.id);
  }
}

/** Shows mail by its place, as every client does. */
class Recipient {
  readonly shown: string[] = [];
  #upTo = 0;
  client: WireClient | undefined;

  async read(answers: boolean): Promise<void> {
    for (const frame of (await this.client?.drain()) ?? []) if (frame.type === 'mail') this.#show(frame);
    if (answers && this.client !== undefined) this.client.send({ type: 'received', n: this.#upTo });
  }

  /** Reads until a certain message has come. */
  async readUntil(word: string): Promise<void> {
    while (!this.shown.includes(word)) this.#show(await (this.client as WireClient).until('mail'));
  }

  #show(frame: ServerMessages['mail']): void {
    if (frame.n <= this.#upTo) return;
    this.#upTo = frame.n;
    this.shown.push(wordOf(frame));
  }
}

type Step =
  | 'say'
  | 'settle'
  | 'drop author'
  | 'author'
  | 'read'
  | 'receive'
  | 'drop recipient'
  | 'recipient'
  | 'restart';

test('whatever is lost on the way, mail is shown once and in order', async () => {
  const step = fc.oneof(
    { weight: 8, arbitrary: fc.constant<Step>('say') },
    {
      weight: 10,
      arbitrary: fc.constantFrom<Step>(
        'settle',
        'drop author',
        'author',
        'read',
        'receive',
        'drop recipient',
        'recipient',
      ),
    },
    { weight: 1, arbitrary: fc.constant<Step>('restart') },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40, size: 'max' }), async (steps) => {
      let { server, login, device }: Awaited<ReturnType<typeof start>> = await start();
      (await device('bob')).close();
      const [author, recipient] = [new Author(), new Recipient()];
      const drop = (of: Author | Recipient): void => {
        of.client?.close();
        of.client = undefined;
      };
      const perform = async (one: Step): Promise<void> => {
        switch (one) {
          case 'say':
            return author.say(`p${author.sent.length}`);
          case 'settle':
            return await author.settle();
          case 'read':
          case 'receive':
            return await recipient.read(one === 'receive');
          case 'drop author':
            return drop(author);
          case 'drop recipient':
            return drop(recipient);
          case 'author':
            return author.client === undefined ? await author.connect(() => login('alice')) : undefined;
          case 'recipient':
            recipient.client ??= await device('bob');
            return;
          case 'restart':
            drop(author);
            drop(recipient);
            await server.stop();
            ({ server, login, device } = await start({ dataFolder: server.folder }));
        }
      };
      // The last one comes after whatever the server might have stored twice.
      for (const one of [...steps, 'drop author', 'author', 'settle', 'say', 'drop recipient', 'recipient'] as const)
        await perform(one);
      await recipient.readUntil(`sealed-${author.sent.at(-1)}`);
      expect(recipient.shown).toEqual(author.sent.map((id) => `sealed-${id}`));
      drop(author);
      drop(recipient);
      await server.stop();
    }),
    { numRuns: 8 },
  );
}, 60_000);
