import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { enterLine } from '../../../src/client/core/enter-line.ts';
import type { Memory } from '../../../src/client/core/memory.ts';
import type { LogEntry } from '../../../src/client/core/message-log.ts';
import { ascii } from '../../../src/client/plain/ascii.ts';
import { Teller } from '../../../src/client/plain/teller.ts';
import type { ChatStatus } from '../../../src/peer/private.ts';
import { at, clientId, Drive, info, only, room, START, seq, user } from '../core/drive.ts';

/** A drive whose state is told as lines. */
class Told {
  readonly drive: Drive;
  readonly teller = new Teller();

  constructor(memory?: Memory) {
    this.drive = new Drive({ lines: true, ...(memory === undefined ? {} : { memory }) });
    this.drive.event({ type: 'start' });
    this.drive.login([info('#lobby'), info('#dev')]);
    this.take();
  }

  take(): string[] {
    return this.teller.take(this.drive.state, START + this.drive.mono);
  }

  /** Without the times. */
  lines(): string[] {
    return this.take().map((line) => line.replace(/\d\d:\d\d /, ''));
  }

  say(text: string) {
    return this.drive.event({ type: 'line', text });
  }
}

describe('each is told once', () => {
  test('a message, with its room where that is another', () => {
    const told = new Told();
    told.drive.hear('#lobby', 1, 'good morning');
    told.drive.hear('#dev', 1, 'over here');
    expect(told.lines()).toEqual(['bob: good morning', '[#dev] bob: over here']);
    expect(told.lines()).toEqual([]);
  });

  test('a message of several lines is indented, so that no line of it is taken for somebody else’s', () => {
    const told = new Told();
    told.drive.hear('#lobby', 1, 'one\n09:00 alice: I never said this');
    expect(told.lines()).toEqual(['bob: one', '    alice: I never said this']);
  });

  test('what one writes is not repeated, and what waits is said, and that it was sent', () => {
    const told = new Told();
    told.say('hello');
    expect(told.lines()).toEqual([]);
    const { id } = told.drive.tab().pending[0] ?? { id: clientId('none') };
    told.drive.get({ type: 'ack', id, to: room('#lobby'), seq: seq(1), time: at(START) });
    expect(told.lines()).toEqual([]);
    told.say('slow');
    told.drive.pass(3000);
    expect(told.lines()).toEqual(['not sent yet: slow']);
    const later = told.drive.tab().pending[0]?.id ?? clientId('none');
    told.drive.get({ type: 'ack', id: later, to: room('#lobby'), seq: seq(2), time: at(START) });
    expect(told.lines()).toEqual(['sent: slow']);
  });

  test('what the server refuses is told with its words', () => {
    const told = new Told();
    told.say('hello');
    const { id } = told.drive.tab().pending[0] ?? { id: clientId('none') };
    told.drive.get({ type: 'error', id, code: 'not_a_member', text: 'you are not in it', closes: false });
    expect(told.lines()).toEqual(['! not sent: hello: you are not in it (/retry sends it again, /discard forgets it)']);
    told.drive.event({ type: 'told' });
    expect(told.lines()).toEqual([]);
  });

  test('an answer, a correction, reactions and a deletion, in words', () => {
    const told = new Told();
    told.drive.hear('#lobby', 1, 'is it green?', 'carol');
    told.drive.get({
      type: 'message',
      to: room('#lobby'),
      seq: seq(2),
      from: user('bob'),
      text: 'it is',
      time: at(START),
      re: seq(1),
    });
    expect(told.lines()).toEqual(['carol: is it green?', 'bob (answers carol: is it green?): it is']);
    const change = (rev: number, what: object) =>
      told.drive.get({
        type: 'changed',
        room: room('#lobby'),
        rev,
        seq: seq(2),
        by: user('bob'),
        time: at(START),
        ...what,
      });
    change(1, { text: 'it was', edited: at(START) });
    expect(told.lines()).toEqual(['bob has changed a message to: it was']);
    change(2, { reactions: [{ emoji: '👍', users: [user('carol'), user('alice')] }] });
    expect(told.lines()).toEqual(['carol reacts with 👍 to bob: it was', 'alice reacts with 👍 to bob: it was']);
    change(3, { reactions: [{ emoji: '👍', users: [user('alice')] }] });
    expect(told.lines()).toEqual(['carol takes back 👍 to bob: it was']);
    change(4, { deleted: true });
    expect(told.lines()).toEqual([expect.stringMatching(/^a message of bob was deleted \(\d\d:\d\d\)$/)]);
  });

  test('of a long room the last lines are told at first, and the older ones when they are asked for', () => {
    const drive = new Drive();
    const teller = new Teller();
    const asked = only(drive.login([info('#lobby', 50)]), 'history');
    drive.get({
      type: 'history',
      ...(asked.id === undefined ? {} : { id: asked.id }),
      room: room('#lobby'),
      messages: Array.from({ length: 50 }, (_, i) => ({
        seq: seq(i + 1),
        from: user('bob'),
        text: `m${i + 1}`,
        time: at(START),
      })),
      more: false,
    });
    const first = teller.take(drive.state, START).filter((line) => line.includes('bob'));
    expect(first).toHaveLength(10);
    expect(first.at(-1)).toContain('m50');
    expect(teller.older(drive.state, drive.tab(), 20).map((line) => line.split(' ').at(-1))).toEqual(
      Array.from({ length: 20 }, (_, i) => `m${21 + i}`),
    );
    expect(teller.older(drive.state, drive.tab(), 100)).toHaveLength(20);
    expect(teller.older(drive.state, drive.tab(), 100)).toEqual([]);
    expect(teller.take(drive.state, START)).toEqual([]);
  });

  test('of a room with news all of them, and that there is more', () => {
    const first = (last: number, seen: number, more: boolean): string[] => {
      const drive = new Drive({
        lines: true,
        memory: { version: 1, seen: [{ room: room('#lobby'), seq: seq(seen) }] },
      });
      const teller = new Teller();
      const asked = only(drive.login([info('#lobby', last)]), 'history');
      const from = Math.max(1, last - 199);
      drive.get({
        type: 'history',
        ...(asked.id === undefined ? {} : { id: asked.id }),
        room: room('#lobby'),
        messages: Array.from({ length: last - from + 1 }, (_, i) => ({
          seq: seq(from + i),
          from: user('bob'),
          text: `m${from + i}`,
          time: at(START),
        })),
        more,
      });
      return teller.take(drive.state, START).slice(1);
    };
    const some = first(50, 20, false);
    expect(some[0]).toBe('there are older messages: /history tells them');
    expect(some[1]).toMatch(/m21$/);
    expect(some).toHaveLength(31);
    const many = first(500, 20, true);
    expect(many[0]).toBe('380 unread messages stand before these: /history tells them');
    expect(many[1]).toMatch(/m401$/);
    expect(many).toHaveLength(101);
    expect(first(5, 2, false)[0]).toMatch(/older/);
    expect(first(5, 0, false)[0]).toMatch(/m1$/);
  });

  test('no more than was asked for of what is older, and nothing for nothing', () => {
    const told = new Told();
    told.drive.hear('#lobby', 1, 'one');
    expect(told.teller.older(told.drive.state, told.drive.tab(), 5)).toEqual([]);
    told.take();
    told.drive.tab().log.prepend([]);
    expect(told.teller.older(told.drive.state, told.drive.tab(), 0)).toEqual([]);
  });

  test('a tab whose messages were all removed begins anew', () => {
    const told = new Told();
    told.drive.mail(1, 'first');
    told.drive.mail(2, 'second');
    expect(told.lines().join('\n')).toContain('bob: second');
    told.say('/forget bob yes');
    told.drive.tell({ type: 'told', person: user('bob'), text: 'it is removed', bad: false });
    told.take();
    told.drive.mail(3, 'third');
    expect(told.lines()).toEqual([expect.stringContaining('bob: third')]);
  });

  test('that a message waits, and later that it will not go', () => {
    const told = new Told();
    told.say('/msg bob hello');
    told.take();
    told.drive.pass(3000);
    expect(told.lines().join('\n')).toContain('not sent yet: hello');
    const { id } = told.drive.person('bob').pending[0] ?? { id: clientId('none') };
    told.drive.tell({
      type: 'notMailed',
      id,
      to: user('bob'),
      code: 'no_such_user',
      text: 'there is no bob',
      wait: false,
    });
    expect(told.lines().join('\n')).toContain('! not sent: hello: there is no bob');
    expect(told.lines()).toEqual([]);
  });

  test('one for all that wait', () => {
    const told = new Told();
    told.say('one');
    told.say('two');
    told.drive.pass(3000);
    expect(told.lines()).toEqual(['not sent yet: one']);
    expect(told.lines()).toEqual([]);
  });

  test('a hint that comes again by itself, but not one that answers a line', () => {
    const told = new Told();
    told.drive.state.hint = { text: 'slowly', bad: false };
    expect(told.lines()).toEqual(['slowly']);
    told.drive.state.hint = { text: 'slowly', bad: false };
    expect(told.lines()).toEqual([]);
    told.teller.lineCame();
    told.drive.state.hint = { text: 'slowly', bad: false };
    expect(told.lines()).toEqual(['slowly']);
  });

  test('the connection that is lost, and the one that is there again', () => {
    const told = new Told();
    told.drive.event({ type: 'linkDown', text: 'no answer' });
    expect(told.lines()).toEqual([expect.stringMatching(/^offline: no answer\./)]);
    told.drive.event({ type: 'tick' });
    expect(told.lines()).toEqual([]);
  });

  test('nothing of those whose messages are left out', () => {
    const told = new Told();
    told.drive.ignored([], [{ user: user('bob') }]);
    told.take();
    told.drive.hear('#lobby', 1, 'noise');
    expect(told.lines()).toEqual([]);
  });
});

describe('in private', () => {
  const SAFE: ChatStatus = { kind: 'open', path: 'direct', log: false, theirLog: false, hidden: false };

  test('who asks, what it would be, what they would see, and what to write', () => {
    const told = new Told();
    told.drive.chatIs('carol', { kind: 'asked', ours: false, until: 200_000, addresses: ['10.0.0.7'] });
    const lines = told.lines();
    expect(lines).toContain('carol asks for a private chat, end-to-end encrypted.');
    expect(lines).toContain('If you accept, carol sees your address 10.0.0.7.');
    expect(lines.join('\n')).toContain('/accept carol or /reject carol');
    // Once, and nothing to verify yet.
    expect(lines.filter((line) => line.includes('asks for'))).toHaveLength(1);
    expect(lines.join('\n')).not.toContain('/verify');
  });

  test('each line says that it is private, and whether it is encrypted', () => {
    const told = new Told();
    const chat = told.drive.talk('carol');
    told.take();
    told.drive.says(chat, 'psst');
    expect(told.lines()).toEqual(['[private chat, carol, encrypted, not verified] carol: psst']);
    told.drive.chatIs('carol', SAFE, { chat, trust: 'verified' });
    expect(told.lines().join('\n')).toMatch(/verified/);
    told.drive.says(chat, 'again');
    expect(told.lines()).toEqual(['[private chat, carol, encrypted, verified] carol: again']);
  });

  test('one that isn’t encrypted says so in every line', () => {
    const told = new Told();
    const chat = told.drive.talk('carol', true);
    expect(told.lines().join('\n')).toContain('NOT ENCRYPTED');
    told.drive.says(chat, 'hello');
    expect(told.lines()).toEqual(['[private chat, carol, NOT ENCRYPTED] carol: hello']);
  });

  test('the numbers to compare are read in groups, and v or n answers', () => {
    const told = new Told();
    told.drive.enter('/verify carol');
    told.take();
    told.drive.tell({
      type: 'safetyNumber',
      person: user('carol'),
      device: told.drive.state.self === undefined ? ('' as never) : ('device' as never),
      digits: '123456789012345678901234567890',
      more: 0,
    });
    const lines = told.lines();
    expect(lines).toContain('12345 67890 12345 67890 12345 67890');
    told.drive.pass(5000);
    told.say('v');
    expect(told.drive.told('compared').at(-1)).toMatchObject({ user: 'carol', equal: true });
  });
});

describe('what was written', () => {
  test('that is wrong is said, and the next line is a line of its own', () => {
    const told = new Told();
    told.say('/nonsense');
    expect(told.lines()).toEqual([expect.stringMatching(/^! no command \/nonsense/)]);
    told.say('hello');
    expect(told.drive.tab().pending.map(({ text }) => text)).toEqual(['hello']);
  });

  test('/go and /tabs lead through the chats', () => {
    const told = new Told();
    told.say('/go dev');
    expect(told.lines()).toEqual(['now in #dev']);
    told.say('/go 1');
    expect(told.drive.active()).toBe('#lobby');
    told.drive.hear('#dev', 1, 'alice!');
    told.take();
    told.say('/tabs');
    expect(told.lines()).toEqual(['1 #lobby: you are here', '    2 #dev: 1 unread, speaks to you']);
  });

  test('goes nowhere while a password is asked for', () => {
    const told = new Told();
    told.say('/passphrase');
    expect(told.drive.state.prompt).toBeDefined();
    told.say('correct horse battery');
    expect(told.drive.tab().pending).toEqual([]);
    expect(JSON.stringify([told.lines(), told.drive.state.inner.sent])).not.toContain('horse');
    expect(told.drive.state.hint?.text).toContain('that line went nowhere');
  });

  test('and is too long is several messages', () => {
    const told = new Told();
    told.say(`${'a'.repeat(8000)} ${'b'.repeat(8000)}`);
    expect(told.drive.tab().pending.map(({ text }) => text)).toEqual(['a'.repeat(8000), 'b'.repeat(8000)]);
    told.say(`//${'c'.repeat(8000)} ${'d'.repeat(8000)}`);
    expect(told.drive.tab().pending.map(({ text }) => text.slice(0, 2))).toEqual(['aa', 'bb', '/c', 'dd']);
  });

  test('leaves what is kept of the full screen alone', () => {
    const drafts = [{ tab: '#lobby' as const, text: 'half a thought' }];
    const told = new Told({ version: 1, drafts });
    expect(told.drive.tab().draft.text).toBe('');
    told.say('hello');
    told.drive.event({ type: 'told' });
    told.drive.pass(60_000);
    told.drive.tick();
    expect(told.drive.state.memory.drafts).toEqual(drafts);
  });

  test('that is about a screen changes nothing, and help does not name it', () => {
    const told = new Told();
    for (const line of ['/pane right', '/split', '/bare', '/mouse on', '/edit', '/theme', '/keys', '/clear']) {
      expect([line, told.say(line).filter((effect) => effect.do !== 'send')]).toEqual([line, []]);
      expect(told.lines()).toEqual([`! ${line.split(' ')[0] ?? ''} is for the full screen`]);
    }
    expect(told.drive.state).toMatchObject({ bare: undefined, overlay: undefined });
    told.say('/help');
    const help = told.take().join('\n');
    expect(help).toContain('/history');
    expect(help).not.toMatch(/\/(theme|pane|bare|mouse|edit|keys|clear)\b|F1|Alt-/);
  });

  test('ways to a tab are commands', () => {
    const told = new Told();
    told.say('/go dev');
    told.say('/broadcast hello');
    expect(told.lines()).toContain('said in #lobby (/go 1)');
  });

  test('a password is asked for, and neither shown nor kept in a line', () => {
    const told = new Told();
    told.say('/password');
    expect(told.drive.state.prompt?.text).toMatch(/password/i);
    told.drive.event({ type: 'secret', text: 'hunter2hunter2' });
    expect(JSON.stringify([told.lines(), told.drive.state.inner.sent])).not.toContain('hunter2');
    told.drive.event({ type: 'secret' });
    expect(told.drive.state.prompt).toBeUndefined();
  });

  test('hits of a search come with their numbers, and /more goes on', () => {
    const told = new Told();
    const asked = told.say('/search word').find((effect) => effect.do === 'send' && effect.message.type === 'search');
    told.take();
    const message = asked?.do === 'send' ? asked.message : undefined;
    told.drive.get({
      type: 'found',
      ...(message?.type === 'search' && message.id !== undefined ? { id: message.id } : {}),
      messages: [{ room: room('#lobby'), seq: seq(7), from: user('bob'), text: 'the word', time: at(START) }],
      more: true,
      before: 'c1',
    });
    const lines = told.take();
    expect(lines[0]).toMatch(/^hit 1: \d{4}-\d\d-\d\d \d\d:\d\d #lobby bob: the word$/);
    expect(lines[1]).toContain('/more');
    const more = told.say('/more').find((effect) => effect.do === 'send' && effect.message.type === 'search');
    expect(more).toMatchObject({ message: { type: 'search', before: 'c1' } });
  });

  test('leaving asks once where something is unsent', () => {
    const told = new Told();
    told.drive.event({ type: 'linkDown', text: 'gone' });
    told.say('unsent');
    expect(told.drive.event({ type: 'interrupt' })).not.toContainEqual({ do: 'quit' });
    expect(told.lines().join('\n')).toContain('not been sent');
    expect(told.drive.event({ type: 'interrupt' })).toContainEqual({ do: 'quit' });
  });
});

test('every kind of line in a log is told', () => {
  const told = new Told();
  const { log } = told.drive.tab();
  const kinds: Readonly<Record<LogEntry['kind'], () => void>> = {
    message: () => void told.drive.hear('#lobby', 1, 'said'),
    event: () => log.event(at(START), '+', user('dave'), 'came'),
    notice: () => log.notice(at(START), 'a word', true),
    announcement: () => log.announcement(at(START), at(START), user('root'), 'restart at noon'),
  };
  for (const [kind, happen] of Object.entries(kinds)) {
    happen();
    expect([kind, told.lines().length]).toEqual([kind, 1]);
  }
});

test('whatever others write, no control character gets into a line, and none is longer than its message', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }), (text) => {
      const told = new Told();
      told.drive.hear('#lobby', 1, text.toWellFormed());
      for (const line of told.take()) expect(line).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
    }),
  );
});

test('where there is only ASCII, letters lose their accents and the rest is a question mark', () => {
  expect(ascii('café … Straße ↳ 👍 中\nnext')).toBe('cafe ... Strasse > ? ?\nnext');
});

test('a line brings back whoever was logged off, and is said', () => {
  const drive = new Drive();
  drive.login();
  drive.get({ type: 'bye', reason: 'idle', text: 'logged off after 15 min away' });
  const effects = enterLine(drive.state, drive.env, 'back');
  expect(effects).toContainEqual({ do: 'connect' });
  expect(drive.tab().pending.map(({ text }) => text)).toEqual(['back']);
});
