import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ClientId, GroupId, UserName } from '../../../src/base/ids.ts';
import { type Opened, PrivateChats } from '../../../src/client/shell/private-chats.ts';
import { VaultError } from '../../../src/client/vault/fault.ts';
import type { Messenger } from '../../../src/peer/messenger.ts';
import type { PrivateCommand, PrivateEvent } from '../../../src/peer/private.ts';
import type { ServerMessage } from '../../../src/protocol/server-messages.ts';

const ALICE = 'alice' as UserName;
const BOB = 'bob' as UserName;
const mail = (id: string): PrivateCommand => ({ do: 'mail', id: id as ClientId, to: BOB, text: 'hi' });
const PONG: ServerMessage = { type: 'pong' };

/** A messenger that writes down what is asked of it. */
class Fake implements Messenger {
  readonly did: string[] = [];
  throws = false;
  leaving: Promise<void> = Promise.resolve();

  #did(what: string): void {
    if (this.throws) throw new Error('a slip');
    this.did.push(what);
  }
  command(command: PrivateCommand): void {
    this.#did(command.do === 'mail' ? `mail ${command.id}` : command.do);
  }
  online(user: UserName): void {
    this.#did(`online ${user}`);
  }
  offline(): void {
    this.#did('offline');
  }
  receive({ type }: ServerMessage): boolean {
    this.#did(`receive ${type}`);
    return type === 'mailed';
  }
  async leave(): Promise<void> {
    this.#did('leave');
    await this.leaving;
  }
  close(): void {
    this.#did('close');
  }
}

const fake = (): { messenger: Fake; opened: Opened } => {
  const messenger = new Fake();
  return { messenger, opened: { kind: 'open', messenger, close: () => messenger.close() } };
};

/** @param answers what comes of opening them, one time after the other. */
function chats(...answers: (Opened | Error | Promise<Opened>)[]) {
  const events: PrivateEvent[] = [];
  let inside: { tell: (event: PrivateEvent) => void; fault: (error: unknown) => void } | undefined;
  const privates = new PrivateChats({
    open: async (tell, fault) => {
      inside = { tell, fault };
      const answer = answers.shift();
      if (answer === undefined) throw new Error('opened once too often');
      if (answer instanceof Error) throw answer;
      return answer;
    },
    tell: (event) => events.push(event),
  });
  return { privates, events, inside: () => inside! };
}

const settled = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);
const available = (text: string) => ({ type: 'available', available: text === '', text });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('what is asked of them before they are there waits, in order, and comes after the log-in', async () => {
  const { messenger, opened } = fake();
  const { privates, events } = chats(opened);
  privates.command(mail('one'));
  privates.online(ALICE);
  privates.start();
  privates.command(mail('two'));
  expect(privates.receive(PONG)).toBe(false);
  await settled();
  expect(messenger.did).toEqual(['online alice', 'mail one', 'mail two']);
  expect(events).toEqual([available('')]);
});

test('nothing is opened before the start, and nothing twice', async () => {
  const { messenger, opened } = fake();
  const { privates } = chats(opened);
  privates.online(ALICE);
  await settled();
  expect(messenger.did).toEqual([]);
  privates.start();
  privates.start();
  await settled();
  privates.start();
  await settled();
  expect(messenger.did).toEqual(['online alice']);
});

test('the server’s messages go through them, and they say which the others need not see', async () => {
  const { messenger, opened } = fake();
  const { privates } = chats(opened);
  privates.start();
  await settled();
  expect(privates.receive(PONG)).toBe(false);
  expect(privates.receive({ type: 'mailed', id: 'x' as ClientId, to: BOB, time: 0 as never, kept: true })).toBe(true);
  expect(messenger.did).toEqual(['receive pong', 'receive mailed']);
});

test('while another program has them that is said once, mail waits, and they come when it has ended', async () => {
  const { messenger, opened } = fake();
  const { privates, events } = chats({ kind: 'busy' }, { kind: 'busy' }, opened);
  privates.online(ALICE);
  privates.start();
  privates.command(mail('early'));
  await settled();
  const text = 'private chats are in your other uchat; they come here when it ends';
  const waits = (id: string) => ({ type: 'notMailed', id, to: BOB, code: 'unavailable', text, wait: true });
  expect(events).toEqual([available(text), waits('early')]);
  privates.command(mail('late'));
  privates.command(mail('taken back'));
  privates.command({ do: 'unmail', id: 'taken back' as ClientId });
  privates.command({ do: 'ask', chat: 'c' as GroupId, to: BOB, plain: false });
  privates.command({ do: 'verify', user: BOB });
  await vi.advanceTimersByTimeAsync(2000);
  expect(events.slice(2)).toEqual([
    waits('late'),
    waits('taken back'),
    { type: 'refused', chat: 'c', person: BOB, text },
    { type: 'told', person: BOB, text, bad: true },
    // Looked again, in vain: that is no news.
  ]);
  await vi.advanceTimersByTimeAsync(2000);
  expect(messenger.did).toEqual(['online alice', 'mail early', 'mail late']);
  expect(events.at(-1)).toEqual(available(''));
});

test('files that can’t be used are told with what is wrong, and nothing waits for ever', async () => {
  const { privates, events } = chats({ kind: 'failed', text: 'the key is a folder' });
  privates.start();
  privates.command(mail('one'));
  await settled();
  privates.command(mail('two'));
  await settled();
  const gone = (id: string) => ({
    type: 'notMailed',
    id,
    to: BOB,
    code: 'unavailable',
    text: 'the key is a folder',
    wait: false,
  });
  expect(events).toEqual([available('the key is a folder'), gone('one'), gone('two')]);
});

test.each<[string, (privates: PrivateChats, messenger: Fake, fault: (error: unknown) => void) => void]>([
  ['in a command', (privates) => privates.command(mail('one'))],
  ['in a message of the server', (privates) => expect(privates.receive(PONG)).toBe(false)],
  ['at the log-in', (privates) => privates.online(ALICE)],
  ['by itself', (_, __, fault) => fault(new Error('a slip'))],
])('a fault of theirs, %s, ends them and nothing else', async (_, go) => {
  const { messenger, opened } = fake();
  const { privates, events, inside } = chats(opened);
  privates.start();
  await settled();
  messenger.throws = true;
  go(privates, messenger, inside().fault);
  await settled();
  expect(events.slice(1)).toEqual([
    available(
      expect.stringMatching(/^private chats have stopped: this is a fault of uchat itself: Error: a slip/) as never,
    ),
  ]);
  await privates.leave();
  privates.offline();
  expect(privates.receive(PONG)).toBe(false);
});

test('a disk that can’t be written is told as what it is, with the way it was found', async () => {
  const { opened } = fake();
  const { privates, events, inside } = chats(opened);
  privates.start();
  await settled();
  inside().fault(new VaultError('disk_full', 'there is no room left on the disk that holds /x'));
  await settled();
  expect(events.at(-1)).toEqual(
    available('private chats have stopped: there is no room left on the disk that holds /x'),
  );
});

test('that they can’t be loaded at all is told, too', async () => {
  const { privates, events } = chats(new Error('no such module'));
  privates.start();
  await settled();
  expect(events).toEqual([available(expect.stringContaining('no such module') as never)]);
});

test('leaving takes a second at most, and whoever asks twice waits for the same', async () => {
  const { messenger, opened } = fake();
  messenger.leaving = Promise.withResolvers<void>().promise;
  const { privates } = chats(opened);
  await privates.leave();
  privates.start();
  await settled();
  let left = false;
  const both = Promise.all([privates.leave(), privates.leave()]).finally(() => {
    left = true;
  });
  await vi.advanceTimersByTimeAsync(999);
  expect(left).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  await both;
  expect(messenger.did).toEqual(['leave']);
});

test('what is told comes later, never inside what has caused it, and not after the end', async () => {
  const { opened } = fake();
  const { privates, events, inside } = chats(opened);
  privates.start();
  await settled();
  const told: PrivateEvent = { type: 'told', text: 'x', bad: false };
  inside().tell(told);
  expect(events).toHaveLength(1);
  await settled();
  expect(events).toHaveLength(2);
  inside().tell(told);
  privates.close();
  await settled();
  expect(events).toHaveLength(2);
});

test('closed while they were being opened, they are closed at once', async () => {
  const { messenger, opened } = fake();
  const { promise, resolve } = Promise.withResolvers<Opened>();
  const { privates, events } = chats(promise);
  privates.start();
  privates.close();
  resolve(opened);
  await settled();
  expect(messenger.did).toEqual(['close']);
  expect(events).toEqual([]);
});
