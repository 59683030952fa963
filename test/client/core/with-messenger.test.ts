/** The core together with the messenger as it is, cryptography and all; only the server is a model. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BLOCK_AFTER_MS } from '../../../src/client/core/blocking.ts';
import { LETTERS_AFTER_MS } from '../../../src/client/core/chats.ts';
import type { Effect, Env, Event } from '../../../src/client/core/event.ts';
import { newChat, newId, Person, Relay, until } from '../../peer/relay.ts';
import { Drive, info, sent } from './drive.ts';

/** One program: its core, and its messenger. */
class Program extends Drive {
  readonly messenger: Person;
  #told = 0;

  constructor(relay: Relay, name: string, vault?: Person['vault']) {
    super();
    this.messenger = new Person(relay, name, vault === undefined ? {} : { vault });
    this.login([info('#lobby')], name);
  }

  override get env(): Env {
    return { ...super.env, newId, newGroup: newChat };
  }

  override event(event: Event): readonly Effect[] {
    const effects = super.event(event);
    for (const effect of effects) if (effect.do === 'private') this.messenger.do(effect.command);
    return effects;
  }

  /** What the messenger has told is heard. */
  listen(): void {
    for (let event = this.messenger.events[this.#told]; event !== undefined; ) {
      this.#told += 1;
      this.event({ type: 'private', event });
      event = this.messenger.events[this.#told];
    }
  }
}

let programs: Program[] = [];
let relay = new Relay();
beforeEach(() => {
  relay = new Relay();
  programs = [];
});
afterEach(() => {
  for (const { messenger } of programs) messenger.close();
});

async function program(name: string, vault?: Person['vault']): Promise<Program> {
  const made = new Program(relay, name, vault);
  programs.push(made);
  await made.messenger.ready();
  return made;
}

const both = async (): Promise<[Program, Program]> => [await program('alice'), await program('bob')];

const when = (holds: () => boolean, what: string): Promise<void> =>
  until(() => {
    for (const one of programs) one.listen();
    return holds();
  }, what);

const has = (one: Program, name: string, text: string): boolean =>
  one.tabs().includes(name) && one.texts(name).includes(text);

const openChat = (one: Program, name: string): boolean =>
  one.tabs().includes(`=${name}`) && one.chat(name).status.kind === 'open';

describe('a private chat', () => {
  test('is asked for, accepted by a key, held, and ended', async () => {
    const [alice, bob] = await both();
    alice.enter('/private bob');
    await when(() => bob.tabs().includes('=alice'), 'the request');
    bob.key('alt-2');
    bob.type('a');
    await when(() => openChat(alice, 'bob') && openChat(bob, 'alice'), 'the chat');
    alice.enter('hello');
    bob.enter('and hello to you');
    await when(() => has(bob, '=alice', 'hello') && has(alice, '=bob', 'and hello to you'), 'what was said');
    await when(() => alice.chat('bob').pending.length + bob.chat('alice').pending.length === 0, 'that it has arrived');
    for (const [one, name] of [[alice, '=bob'] as const, [bob, '=alice'] as const]) {
      expect(one.texts(name).toSorted()).toEqual(['and hello to you', 'hello']);
    }
    bob.enter('/end');
    await when(() => alice.chat('bob').status.kind === 'ended', 'the end');
    expect(alice.notices('=bob')).toContain('bob ended the chat');
    expect(relay.wire.join('')).not.toContain('hello');
  });

  test('with somebody whom one blocks has ended for them before the block goes out', async () => {
    const [alice, bob] = await both();
    alice.enter('/private bob');
    bob.enter('/private alice');
    await when(() => openChat(alice, 'bob') && openChat(bob, 'alice'), 'the chat');
    const blocks = (): number => sent(alice.effects).filter(({ type }) => type === 'block').length;
    alice.enter('/block bob');
    await when(() => bob.chat('alice').status.kind === 'ended', 'the end');
    expect(bob.notices('=alice')).toContain('alice ended the chat');
    expect([alice.chat('bob').status.kind, blocks()]).toEqual(['ended', 0]);
    alice.pass(BLOCK_AFTER_MS);
    alice.tick();
    expect(blocks()).toBe(1);
  });

  test('that both ask for at once is one', async () => {
    const [alice, bob] = await both();
    alice.enter('/private bob');
    bob.enter('/private alice');
    await when(() => openChat(alice, 'bob') && openChat(bob, 'alice'), 'the chat');
    expect(alice.chat('bob').chat).toBe(bob.chat('alice').chat);
    alice.enter('quick');
    await when(() => has(bob, '=alice', 'quick'), 'what was said');
  });

  test('that is taken back before the request has left never comes about', async () => {
    const [alice, bob] = await both();
    alice.enter('/private bob');
    alice.enter('/end');
    await when(
      () => alice.messenger.all('chat').some(({ status }) => status.kind === 'ended'),
      'that it is taken back there, too',
    );
    expect(alice.chat('bob').status.kind).toBe('ended');
    await when(
      () => bob.tabs().every((name) => name !== '=alice' || bob.chat('alice').status.kind === 'ended'),
      'the end',
    );
  });
});

describe('mail', () => {
  test('to somebody who is away is there when they come, and was read by nobody between', async () => {
    const [alice, bob] = await both();
    bob.messenger.offline();
    alice.enter('/msg bob are you there?');
    await when(() => has(alice, 'bob', 'are you there?'), 'that it is kept');
    expect(alice.notices('bob')).toEqual(['bob is not here: what you write is kept until bob is back']);
    bob.messenger.online();
    await when(() => has(bob, 'alice', 'are you there?'), 'the mail');
    expect(bob.person('alice')).toMatchObject({ unread: 1, mentioned: true });
    await when(() => bob.person('alice').trust === 'first', 'that her key is known now');
    expect(relay.wire.join('')).not.toContain('are you there');
  });

  test('is there again in another run of the program, once', async () => {
    const [alice, bob] = await both();
    alice.enter('/msg bob one');
    await when(() => has(bob, 'alice', 'one'), 'the mail');
    bob.enter('/msg alice two');
    await when(() => has(alice, 'bob', 'two'), 'the answer');
    bob.messenger.close();
    // Nobody had told the server that it was seen, so all of it comes again.
    const later = await program('bob', bob.messenger.vault);
    await when(() => has(later, 'alice', 'two'), 'what was written before');
    expect(later.texts('alice')).toEqual(['one', 'two']);
    expect(later.person('alice').unread).toBe(1);
  });
});

describe('a second device', () => {
  test('stops what one writes until its key is accepted', async () => {
    const [alice] = await both();
    alice.enter('/msg bob first');
    await when(() => has(alice, 'bob', 'first'), 'the mail');
    await program('bob');
    alice.messenger.offline();
    alice.messenger.online();
    alice.enter('second');
    await when(() => alice.person('bob').trust === 'changed', 'the new key');
    expect(alice.person('bob').pending).toMatchObject([{ text: 'second' }]);
    alice.enter('third');
    expect(alice.input()).toBe('third');
    alice.key('ctrl-u');
    alice.enter('/accept-key');
    await when(() => has(alice, 'bob', 'second'), 'what had waited');
    expect(alice.person('bob')).toMatchObject({ trust: 'first', pending: [] });
  });

  test('is compared after the first', async () => {
    const [alice] = await both();
    await program('bob');
    alice.enter('/verify bob');
    for (let more = 1; more >= 0; more--) {
      await when(() => alice.state.overlay?.kind === 'verify' && alice.state.overlay.more === more, 'the numbers');
      alice.pass(LETTERS_AFTER_MS);
      alice.type('v');
    }
    await when(() => alice.notices().includes('bob is verified'), 'the word');
    expect(alice.state.overlay).toBeUndefined();
  });
});

describe('the log', () => {
  test('is read back, forgotten, and gone', async () => {
    const [alice, bob] = await both();
    for (const text of ['one', 'two', 'three']) alice.enter(`/msg bob ${text}`);
    await when(() => has(bob, 'alice', 'three'), 'the mail');
    bob.enter('/history alice');
    bob.enter('/leave');
    bob.enter('/history alice 2');
    await when(() => has(bob, 'alice', 'three'), 'what was written');
    bob.enter('/forget alice yes');
    await when(() => bob.texts('alice').length === 0, 'that it is forgotten');
    expect(bob.notices('alice').at(-1)).toContain('3 messages with alice are removed');
    bob.enter('/leave');
    bob.enter('/msg alice');
    await when(() => bob.person('alice').log.older === 'none', 'the empty log');
    expect(bob.texts('alice')).toEqual([]);
  });
});
