import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RoomName } from '../../../src/base/ids.ts';
import type { Effect } from '../../../src/client/core/event.ts';
import { personTabs, roomTabs } from '../../../src/client/core/lookup.ts';
import { nextWake } from '../../../src/client/core/wake.ts';
import { Drive, room } from './drive.ts';
import { ModelServer } from './model-server.ts';

const ROOMS = [room('#lobby'), room('#dev')] as const;
/** Who writes to us in private, and we to them. */
const WRITERS = ['bob', 'carol'] as const;

/** One client, one server, and the wire between them, on which things stay as long as chance wants. */
class World {
  readonly drive: Drive;
  readonly server: ModelServer;
  readonly said: { to: RoomName; text: string }[] = [];
  /** Private messages: ours, and what others wrote to us that a server took. */
  readonly mailed: string[] = [];
  readonly gotten: { from: string; text: string }[] = [];
  /** The last command was. */
  isDone = false;
  #link = false;
  #texts = 0;

  constructor(name: string, page: number) {
    this.server = new ModelServer(name, page);
    this.server.joined.add(ROOMS[1]);
    const login = name.startsWith('~')
      ? ({ method: 'guest', name: name.slice(1) } as const)
      : ({ method: 'host' } as const);
    this.drive = new Drive({ login });
    this.#do(this.drive.event({ type: 'start' }));
  }

  #do(effects: readonly Effect[]): void {
    for (const effect of effects) {
      switch (effect.do) {
        case 'connect':
          this.server.connect();
          this.#link = true;
          this.#do(this.drive.event({ type: 'linkUp' }));
          break;
        case 'send':
          this.server.incoming?.push(effect.message);
          break;
        case 'disconnect':
          this.server.disconnect();
          this.#link = false;
          break;
        case 'quit':
          throw new Error('nobody asked to quit');
        case 'redraw':
        case 'bell':
          break;
        case 'openKey':
        case 'enrolled':
        case 'unenrolled':
          throw new Error('nobody spoke of keys');
      }
    }
  }

  otherSays(from: string, where: number): void {
    this.server.write(ROOMS[where % 2] ?? ROOMS[0], from, `${from} ${++this.#texts}`);
  }

  say(where: number): void {
    const to = ROOMS[where % 2] ?? ROOMS[0];
    const index = this.drive.tabs().indexOf(to);
    if (index < 0) return;
    this.#do(this.drive.event({ type: 'key', key: { kind: 'key', name: `alt-${index + 1}` } }));
    const text = `mine ${++this.#texts}`;
    this.#do(this.drive.event({ type: 'key', key: { kind: 'text', text } }));
    this.#do(this.drive.event({ type: 'key', key: { kind: 'key', name: 'enter' } }));
    if (this.drive.input() === '') this.said.push({ to, text });
    else this.#do(this.drive.event({ type: 'key', key: { kind: 'key', name: 'ctrl-u' } }));
  }

  otherMails(from: string): void {
    const text = `${from} in private ${++this.#texts}`;
    if (this.server.writeMail(from, text)) this.gotten.push({ from, text });
  }

  mail(to: string): void {
    const text = `private ${++this.#texts}`;
    this.command(`/msg ${to} ${text}`);
    if (this.isDone) this.mailed.push(text);
  }

  /** Every tab comes to the front once. */
  lookAtAll(): void {
    for (const _ of this.drive.tabs()) {
      this.press('alt-end');
      this.press('ctrl-n');
    }
  }

  command(line: string): void {
    this.#do(this.drive.event({ type: 'key', key: { kind: 'text', text: line } }));
    this.press('enter');
    // What is not done stays in the line.
    this.isDone = this.drive.input() === '';
    if (!this.isDone) this.press('ctrl-u');
  }

  press(name: string): void {
    this.#do(this.drive.event({ type: 'key', key: { kind: 'key', name } }));
  }

  serve(count: number): void {
    for (let i = 0; i < count; i++) this.server.handle();
  }

  deliver(count: number): void {
    for (let i = 0; i < count && this.#link; i++) {
      const message = this.server.outgoing.shift();
      if (message === undefined) return;
      this.#do(this.drive.event({ type: 'message', message }));
    }
  }

  /** The line breaks. What the server has read and not yet stored may be stored after that. */
  cut(restart: boolean, late: boolean): void {
    if (!this.#link) return;
    const unread = this.server.incoming ?? [];
    if (restart) this.server.restart();
    else this.server.disconnect();
    this.#link = false;
    for (const message of late ? unread : []) {
      if (message.type === 'say') this.server.lateSay(message);
      else if (message.type === 'mail') this.server.lateMail(message);
    }
    this.#do(this.drive.event({ type: 'linkDown', text: 'the line broke' }));
  }

  wake(): void {
    const wake = nextWake(this.drive.state);
    if (wake === undefined) return;
    this.drive.mono = Math.max(this.drive.mono, wake);
    this.#do(this.drive.event({ type: 'tick' }));
  }

  /** Nobody does anything for a second. */
  pause(): void {
    this.drive.pass(1000);
    this.#do(this.drive.tick());
  }

  /** The wire is good from now on, and everybody is quiet. */
  settle(): void {
    this.server.busy = 0;
    for (let i = 0; i < 2000; i++) {
      this.serve(100);
      this.deliver(100);
      if (this.isQuiet()) return;
      if (this.server.outgoing.length === 0 && (this.server.incoming?.length ?? 0) === 0) this.wake();
    }
    throw new Error('it does not come to rest');
  }

  isQuiet(): boolean {
    const { state } = this.drive;
    return (
      state.connection.kind === 'online' &&
      this.server.outgoing.length === 0 &&
      this.server.incoming?.length === 0 &&
      state.tabs.every((tab) => tab.pending.length === 0) &&
      roomTabs(state).every((tab) => tab.log.last === this.server.messages(tab.room).length)
    );
  }

  /** What must hold at every moment. */
  check(): void {
    for (const tab of roomTabs(this.drive.state)) {
      const messages = this.drive.messages(tab.room);
      const stored = this.server.messages(tab.room);
      const first = messages[0]?.seq ?? tab.log.first;
      expect(tab.log.first).toBe(first);
      expect(messages.map(({ seq, from, text }) => ({ seq, from, text }))).toEqual(
        stored.slice(first - 1, first - 1 + messages.length).map(({ seq, from, text }) => ({ seq, from, text })),
      );
      expect(messages.at(-1)?.seq ?? tab.log.last).toBe(tab.log.last);
      const keys = tab.log.entries.map(({ key }) => key);
      expect(keys).toEqual(keys.toSorted((a, b) => a - b));
      expect(new Set(keys).size).toBe(keys.length);
    }
    for (const { to, text } of this.said) {
      const times = this.server.messages(to).filter((entry) => entry.text === text).length;
      const kept = this.drive.tab(to).pending.some((pending) => pending.text === text);
      expect(times).toBeLessThanOrEqual(1);
      expect(times === 1 || kept).toBe(true);
      expect(this.drive.texts(to).includes(text) && kept).toBe(false);
    }
    this.#checkMail();
  }

  /** The private messages that are shown, by whoever wrote them. */
  shownMail(from: string): string[] {
    return personTabs(this.drive.state).flatMap(({ person }) =>
      this.drive.messages(person).flatMap((message) => (message.from === from ? [message.text] : [])),
    );
  }

  #checkMail(): void {
    const { server } = this;
    for (const from of WRITERS) {
      const shown = this.shownMail(from);
      const written = this.gotten.flatMap((one) => (one.from === from ? [one.text] : []));
      // Each once, in order; those of a guest may have been lost with a connection.
      expect(shown).toEqual(written.filter((text) => shown.includes(text)));
      if (!server.isGuest) expect(shown).toEqual(written.slice(0, shown.length));
    }
    const shown = this.shownMail(server.name);
    for (const text of this.mailed) {
      const times = server.sentMail.filter(({ body }) => body === text).length;
      const kept = personTabs(this.drive.state).some(({ pending }) => pending.some((one) => one.text === text));
      expect(times).toBeLessThanOrEqual(1);
      expect(times === 1 || kept).toBe(true);
      expect(shown.filter((one) => one === text).length + (kept ? 1 : 0)).toBe(1);
    }
    // What nobody has looked at is still in the mailbox.
    for (const { person, unread } of personTabs(this.drive.state)) {
      const waiting = [...server.mailbox.values()].filter(({ from }) => from === person).length;
      if (!server.isGuest) expect(waiting).toBeGreaterThanOrEqual(unread);
    }
  }
}

type Step = (world: World) => void;

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.nat(9).map(
      (n): Step =>
        (world) =>
          world.otherSays('bob', n),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.nat(9).map(
      (n): Step =>
        (world) =>
          world.otherSays(world.server.name, n),
    ),
  },
  {
    weight: 5,
    arbitrary: fc.nat(9).map(
      (n): Step =>
        (world) =>
          world.say(n),
    ),
  },
  {
    weight: 6,
    arbitrary: fc.integer({ min: 1, max: 5 }).map(
      (n): Step =>
        (world) =>
          world.serve(n),
    ),
  },
  {
    weight: 6,
    arbitrary: fc.integer({ min: 1, max: 5 }).map(
      (n): Step =>
        (world) =>
          world.deliver(n),
    ),
  },
  {
    weight: 4,
    arbitrary: fc.constantFrom(...WRITERS).map(
      (name): Step =>
        (world) =>
          world.otherMails(name),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(...WRITERS).map(
      (name): Step =>
        (world) =>
          world.mail(name),
    ),
  },
  { weight: 3, arbitrary: fc.constant<Step>((world) => world.wake()) },
  {
    weight: 3,
    arbitrary: fc.tuple(fc.boolean(), fc.boolean()).map(
      ([restart, late]): Step =>
        (world) =>
          world.cut(restart && world.server.name.startsWith('~'), late),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 1, max: 4 }).map(
      (n): Step =>
        (world) => {
          world.server.busy = n;
        },
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom('pageup', 'pagedown', 'alt-home', 'alt-end', 'ctrl-n', 'enter').map(
      (key): Step =>
        (world) =>
          world.press(key),
    ),
  },
  { weight: 1, arbitrary: fc.constant<Step>((world) => world.command('/clear')) },
  {
    weight: 1,
    arbitrary: fc.constant<Step>((world) => {
      for (let i = 0; i < 30; i++) world.otherSays('bob', 0);
    }),
  },
);

describe('whatever the wire does', () => {
  for (const name of ['alice', '~gast']) {
    test(`${name} sees every message once, in order, and every message of theirs is stored once, in rooms and in private`, () => {
      fc.assert(
        fc.property(fc.array(step, { minLength: 5, maxLength: 80 }), fc.integer({ min: 1, max: 20 }), (steps, page) => {
          const world = new World(name, page);
          for (const one of steps) {
            one(world);
            world.check();
          }
          world.settle();
          world.check();
          for (const { to, text } of world.said) {
            expect(world.server.messages(to).filter((entry) => entry.text === text)).toHaveLength(1);
          }
          expect(world.server.sentMail.map(({ body }) => body).toSorted()).toEqual(world.mailed.toSorted());
          expect(world.shownMail(name).toSorted()).toEqual(world.mailed.toSorted());
          if (!world.server.isGuest)
            expect(WRITERS.flatMap((from) => world.shownMail(from))).toHaveLength(world.gotten.length);
          // And once all of it was looked at, the mailbox is empty.
          world.lookAtAll();
          world.pause();
          world.settle();
          expect([...world.server.mailbox.keys()]).toEqual([]);
        }),
        { numRuns: 500 },
      );
    });
  }

  test('after an hour away with thousands of messages, the newest are there and the older ones a page away', () => {
    const world = new World('alice', 200);
    world.settle();
    world.otherSays('bob', 0);
    world.settle();
    world.cut(false, false);
    for (let i = 0; i < 2500; i++) world.otherSays('bob', 0);
    world.settle();
    world.check();
    const { log } = world.drive.tab();
    expect(log.last).toBe(2501);
    expect(log.first).toBe(2302);
    expect(log.older).toBe('more');
    world.press('alt-home');
    world.settle();
    for (let i = 0; i < 3; i++) {
      world.serve(10);
      world.deliver(10);
    }
    world.check();
    expect(log.first).toBe(2102);
  });
});
