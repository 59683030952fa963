/** A client, the model of a server, and the wire between them, on which things stay as long as chance wants. */
import { expect } from 'vitest';
import type { RoomName } from '../../../src/base/ids.ts';
import type { Effect } from '../../../src/client/core/event.ts';
import { NO_LONGER_KEPT } from '../../../src/client/core/gone.ts';
import { activeTab, personTabs, roomTabs } from '../../../src/client/core/lookup.ts';
import type { MessageEntry } from '../../../src/client/core/message-log.ts';
import { nextWake } from '../../../src/client/core/wake.ts';
import { Drive, room } from './drive.ts';
import { ModelMessenger } from './model-messenger.ts';
import { ModelServer, type Wish } from './model-server.ts';

const ROOMS = [room('#lobby'), room('#dev')] as const;
/** Who writes to us in private, and we to them. */
export const WRITERS = ['bob', 'carol'] as const;

/** What both sides know of a message. */
function known(entry: MessageEntry): Partial<MessageEntry> {
  const ours = new Set(['kind', 'key', 'deletedBy']);
  return Object.fromEntries(Object.entries(entry).filter(([name]) => !ours.has(name)));
}

export class World {
  readonly drive: Drive;
  readonly server: ModelServer;
  readonly messenger: ModelMessenger;
  readonly said: { to: RoomName; text: string }[] = [];
  /** Private messages: ours, and what others wrote to us that a server took. */
  readonly mailed: string[] = [];
  readonly gotten: { from: string; text: string }[] = [];
  readonly announced: string[] = [];
  /** The last command was. */
  isDone = false;
  isCleared = false;
  #link = false;
  #texts = 0;

  constructor(name: string, page: number) {
    this.server = new ModelServer(name, page);
    this.server.joined.add(ROOMS[1]);
    const login = name.startsWith('~')
      ? ({ method: 'guest', name: name.slice(1) } as const)
      : ({ method: 'host' } as const);
    this.drive = new Drive({ login });
    this.messenger = new ModelMessenger(name, page, (message) => this.server.incoming?.push(message));
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
          this.messenger.offline();
          this.#link = false;
          break;
        case 'private':
          this.messenger.command(effect.command);
          break;
        case 'quit':
          throw new Error('nobody asked to quit');
        case 'redraw':
        case 'copy':
        case 'notify':
        case 'loadEmoji':
        case 'bell':
          break;
        case 'suspend':
        case 'editor':
        case 'themes':
        case 'lan':
          throw new Error(`nobody asked for ${effect.do}`);
        case 'mouse':
        case 'openKey':
        case 'enrolled':
        case 'unenrolled':
          throw new Error('nobody spoke of keys, or of the mouse');
      }
    }
  }

  otherSays(from: string, where: number): void {
    this.server.write(ROOMS[where % 2] ?? ROOMS[0], from, `${from} ${++this.#texts}`);
  }

  /** Somebody else, or we ourselves on another connection, changes a message. */
  otherChanges(from: string, where: number, what: number): void {
    const room = ROOMS[where % 2] ?? ROOMS[0];
    const count = this.server.messages(room).length;
    // Mostly one of the newest, which clients hold.
    if (count > 0) this.server.change(room, from, Math.max(1, count - (what % 13)), this.#wish(what));
  }

  #wish(what: number): Wish {
    if (what % 5 === 0) return { do: 'delete' };
    if (what % 5 <= 2) return { do: 'edit', text: `edited ${++this.#texts}` };
    return { do: 'react', emoji: what % 2 === 0 ? '👍' : '🎉', on: what % 7 < 5 };
  }

  /** We change a message of the tab that is in front, as people do it: by its keys. */
  changes(what: number): void {
    this.press('alt-m');
    for (let i = 0; i < what % 4; i++) this.press('up');
    const keys = what % 5 === 0 ? ['d', 'y'] : what % 5 <= 2 ? ['e'] : ['+', `${1 + (what % 8)}`];
    for (const text of keys) this.#do(this.drive.event({ type: 'key', key: { kind: 'text', text } }));
    const { writing } = activeTab(this.drive.state);
    if (writing?.kind === 'correct') {
      this.#do(this.drive.event({ type: 'key', key: { kind: 'text', text: ` corrected ${++this.#texts}` } }));
      this.press('enter');
    }
    // Out of what was refused.
    for (let i = 0; i < 3; i++) this.press('escape');
    this.press('ctrl-u');
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

  /** What is oldest in a room is kept no longer. */
  retain(where: number, count: number): void {
    this.server.retain(ROOMS[where % 2] ?? ROOMS[0], count);
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

  /** Only of what nobody has wiped away it is known that it has come. */
  clear(): void {
    this.command('/clear');
    this.isCleared = true;
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
      // As the shell does it: the places of sealed mail are the core's, too.
      if (!this.messenger.receive(message) || message.type === 'mail') {
        this.#do(this.drive.event({ type: 'message', message }));
      }
      if (message.type === 'welcome' && this.#link) this.messenger.online();
    }
  }

  announce(): void {
    const text = `announced ${++this.#texts}`;
    if (this.server.announce(text)) this.announced.push(text);
  }

  open(count: number): void {
    for (let i = 0; i < count; i++) this.messenger.open();
  }

  /** What the messenger has to tell is heard. */
  hear(count: number): void {
    for (let i = 0; i < count; i++) {
      const event = this.messenger.tells.shift();
      if (event === undefined) return;
      this.#do(this.drive.event({ type: 'private', event }));
    }
  }

  /** The line breaks. What the server has read and not yet stored may be stored after that. */
  cut(restart: boolean, late: boolean): void {
    if (!this.#link) return;
    const unread = this.server.incoming ?? [];
    if (restart) this.server.restart();
    else this.server.disconnect();
    this.messenger.offline();
    this.#link = false;
    for (const message of late ? unread : []) {
      if (message.type === 'say') this.server.lateSay(message);
      else if (message.type === 'mail') this.server.lateMail(message);
      else if (message.type === 'edit' || message.type === 'delete' || message.type === 'react') {
        this.server.lateChange(message);
      }
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
    this.server.lag = 0;
    for (let i = 0; i < 2000; i++) {
      this.serve(100);
      this.deliver(100);
      this.open(100);
      this.hear(100);
      if (this.isQuiet()) return;
      if (this.server.outgoing.length > 0 || (this.server.incoming?.length ?? 0) > 0) continue;
      this.messenger.again();
      this.wake();
    }
    throw new Error('it does not come to rest');
  }

  isQuiet(): boolean {
    const { state } = this.drive;
    return (
      state.connection.kind === 'online' &&
      this.server.isDone &&
      this.messenger.opening.length === 0 &&
      this.messenger.tells.length === 0 &&
      state.tabs.every((tab) => tab.pending.length === 0) &&
      roomTabs(state).every((tab) => tab.log.last === this.server.messages(tab.room).length) &&
      roomTabs(state).every(({ room }) => state.inner.rooms.get(room)?.rev === this.server.rev(room))
    );
  }

  /** What must hold at every moment. */
  check(): void {
    for (const tab of roomTabs(this.drive.state)) {
      const messages = this.drive.messages(tab.room);
      const first = messages[0]?.seq ?? tab.log.first;
      expect(tab.log.first).toBe(first);
      // All that the server had between two of them and still has is there; what it has no more is said to be gone.
      const shown = messages.map(({ seq }) => seq);
      for (const [i, seq] of shown.entries()) {
        const next = shown[i + 1];
        if (next === undefined || next === seq + 1) continue;
        expect(next).toBeGreaterThan(seq);
        expect(next).toBeLessThanOrEqual(this.server.first(tab.room));
        expect(this.drive.notices(tab.room)).toContain(NO_LONGER_KEPT);
      }
      // Each is whole, and as it was at some time.
      for (const message of messages) {
        expect(known(message)).toEqual(this.server.state(tab.room, message.seq, message.rev ?? 0));
      }
      const newest = messages.at(-1)?.seq ?? tab.log.last;
      expect(newest).toBeLessThanOrEqual(tab.log.last);
      expect(newest === tab.log.last || tab.log.last < this.server.first(tab.room)).toBe(true);
      const keys = tab.log.entries.map(({ key }) => key);
      expect(keys).toEqual(keys.toSorted((a, b) => a - b));
      expect(new Set(keys).size).toBe(keys.length);
    }
    for (const { to, text } of this.said) {
      const said = this.server.said(to);
      const times = said.filter((one) => one === text).length;
      const kept = this.drive.tab(to).pending.some((pending) => pending.text === text);
      expect(times).toBeLessThanOrEqual(1);
      expect(times === 1 || kept).toBe(true);
      const place = said.indexOf(text) + 1;
      expect(this.drive.messages(to).some(({ seq }) => seq === place) && kept).toBe(false);
    }
    this.#checkMail();
  }

  /** Once all is quiet: every message is as the server has it. */
  checkChanges(): void {
    for (const { room } of roomTabs(this.drive.state)) {
      const stored = this.server.messages(room);
      for (const message of this.drive.messages(room))
        if (message.seq >= this.server.first(room)) expect(known(message)).toEqual(stored[message.seq - 1]);
    }
  }

  /** The private messages that are shown, by whoever wrote them. */
  shownMail(from: string): string[] {
    return personTabs(this.drive.state).flatMap(({ person }) =>
      this.drive.messages(person).flatMap((message) => (message.from === from ? [message.text] : [])),
    );
  }

  announcements(): string[] {
    return this.drive.tab().log.entries.flatMap((entry) => (entry.kind === 'announcement' ? [entry.text] : []));
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
    // And so is what has come and could not be opened yet.
    for (const { n } of this.messenger.opening) if (n > 0) expect(server.mailbox.has(n)).toBe(true);
  }
}
