/** What is said in a chat, what becomes of it, and what of it is kept. */
import type { ClientId, GroupId, UserName } from '../base/ids.ts';
import * as words from './chat-words.ts';
import type { Conversation } from './conversation.ts';
import type { Items } from './item.ts';
import { type MessageChange, type MessageRef, mayChange } from './message-change.ts';
import type { PrivateCommand } from './private.ts';
import type { Self, Shared } from './shared.ts';
import type { LogRecord } from './vault.ts';

/** Items of theirs that are about messages. */
type Their = Items['text' | 'edit' | 'delete' | 'react' | 'typing'];

type Of<K extends PrivateCommand['do']> = Extract<PrivateCommand, { do: K }>;

export interface ChatMessagesPorts {
  readonly shared: Shared;
  readonly self: Self;
  readonly chat: GroupId;
  readonly person: UserName;
  /** Where something can still be said. */
  readonly talk: () => Conversation | undefined;
  readonly note: (text: string, bad: boolean) => void;
  /** Something of ours has arrived. */
  readonly delivered: () => void;
}

export class ChatMessages {
  readonly #ports: ChatMessagesPorts;
  /** We keep a log. */
  log = false;
  /** Their program knows changes. */
  areChangesKnown = false;
  /** Texts and changes of ours that they haven't acknowledged. */
  #texts = 0;
  #changes = 0;

  constructor(ports: ChatMessagesPorts) {
    this.#ports = ports;
  }

  /** How much of what we have said isn't known to have arrived. */
  get undelivered(): number {
    return this.#texts + this.#changes;
  }

  /** Nothing more arrives. */
  over(): void {
    if (this.#changes > 0) this.#ports.note(words.changesLost(this.#changes), true);
    this.#changes = 0;
  }

  // ── ours ──

  say({ id, text, re }: Of<'say'>): void {
    const { shared, self, person, note, chat, delivered } = this.#ports;
    const talk = this.#ports.talk();
    const time = shared.clock.now();
    const answers = re === undefined ? {} : { re };
    const said = talk?.say({ kind: 'text', id, time, ...answers, text }, () => {
      shared.tell({ type: 'delivered', chat, id, time });
      this.#texts -= 1;
      delivered();
    });
    if (said !== true) return note(talk === undefined ? words.alreadyOver : words.tooMuch(person), true);
    this.#texts += 1;
    if (this.log) this.#keep({ id, from: self.user, text, time, ...answers });
  }

  /** Counts when they have it: until then nothing is another for either. */
  change({ of, change: wish }: Of<'change'>): void {
    const { shared, self, person, note, delivered } = this.#ports;
    const talk = this.#ports.talk();
    if (talk === undefined) return note(words.notChanged, true);
    if (!this.areChangesKnown) return note(words.knowsNoChanges(person), true);
    if (!mayChange(of.from, self.user, wish)) return;
    const change: MessageChange = wish.kind === 'edit' ? { ...wish, time: shared.clock.now() } : wish;
    const said = talk.say(itemOf(of, change), () => {
      this.#changes -= 1;
      this.#changed(self.user, of, change);
      delivered();
    });
    if (!said) return note(words.tooMuch(person), true);
    this.#changes += 1;
  }

  /** We are writing. */
  typing(): void {
    if (this.areChangesKnown) this.#ports.talk()?.mention({ kind: 'typing' });
  }

  // ── theirs ──

  take(item: Their): void {
    const { shared, person, chat } = this.#ports;
    switch (item.kind) {
      case 'text': {
        const { id, text, time, re } = item;
        const answers = re === undefined ? {} : { re };
        if (this.log) this.#keep({ id, from: person, text, time, ...answers });
        return shared.tell({ type: 'said', chat, id, text, time, ...answers });
      }
      case 'edit':
        return this.#changed(person, own(person, item.of), { kind: 'edit', text: item.text, time: item.time });
      case 'delete':
        return this.#changed(person, own(person, item.of), { kind: 'delete' });
      case 'react':
        return this.#changed(person, item.of, { kind: 'react', emoji: item.emoji, on: item.on });
      case 'typing':
        return shared.tell({ type: 'typing', chat });
    }
  }

  #changed(by: UserName, of: MessageRef, change: MessageChange): void {
    const { shared, person, chat } = this.#ports;
    const { log } = shared.vault;
    // What is deleted goes from the log also where nothing more is kept.
    if (!log.locked && (this.log || change.kind === 'delete')) log.change(person, of, by, change);
    shared.tell({ type: 'changed', chat, of, by, change });
  }

  #keep(record: LogRecord): void {
    const { shared, person, note } = this.#ports;
    if (shared.vault.log.locked) return note(words.logLocked, true);
    shared.keep(person, record);
  }
}

const own = (from: UserName, id: ClientId): MessageRef => ({ from, id });

function itemOf(of: MessageRef, change: MessageChange) {
  switch (change.kind) {
    case 'edit':
      return { kind: 'edit', of: of.id, time: change.time, text: change.text } as const;
    case 'delete':
      return { kind: 'delete', of: of.id } as const;
    case 'react':
      return { kind: 'react', of, emoji: change.emoji, on: change.on } as const;
  }
}
