/** What the core asks of the store, and who in it is told the answer. */
import { NO_SEQ } from '../base/ids.ts';
import { MAX_DEVICES, MAX_EMOJI, MAX_FRAME_BYTES, MAX_PACKAGES, MAX_REACTIONS } from '../protocol/limits.ts';
import { announced, notAnnounced } from './core/announce.ts';
import type { Core } from './core/core.ts';
import { deviceNotPut, devicePut, devicesNotRead, devicesRead } from './core/devices.ts';
import type { Effect } from './core/effect.ts';
import { historyNotRead, historyRead } from './core/history.ts';
import type { Instant } from './core/instant.ts';
import { keptNotRead, keptRead } from './core/kept.ts';
import { MAX_ANNOUNCEMENTS, MAX_MAILBOX_BYTES, MAX_MAILBOX_MESSAGES } from './core/limits.ts';
import { mailCame, mailNotStored } from './core/mail.ts';
import { mailboxNotRead, mailboxRead } from './core/mailbox.ts';
import { messageChanged, messageNotChanged } from './core/message-changes.ts';
import { notSearched, searched } from './core/search.ts';
import type { Store } from './store/store.ts';

/** Waits for an answer without waiting; `what` is for the operator, where it fails. */
type Ask = <T>(question: Promise<T>, what: string, answered?: (value: T) => void, failed?: () => void) => void;

export interface StoreParts {
  readonly core: Core;
  readonly store: Store;
  readonly now: () => Instant;
  readonly ask: Ask;
}

type Of<K extends Effect['kind']> = Extract<Effect, { kind: K }>;

/** About messages in rooms. */
export function askOfMessages(
  { core, store, now, ask }: StoreParts,
  asked: Of<'read-history' | 'read-kept' | 'change-message' | 'search'>,
): void {
  switch (asked.kind) {
    case 'read-history':
      return ask(
        store.history(asked.room, asked.page, asked.limit, asked.maxBytes),
        'read history',
        (page) => historyRead(core, asked, page, now()),
        () => historyNotRead(core, asked, now()),
      );
    case 'read-kept':
      // The first that is there.
      return ask(
        store.history(asked.room, { kind: 'since', seq: NO_SEQ }, 1, MAX_FRAME_BYTES),
        'read history',
        (page) => keptRead(core, asked, page, now()),
        () => keptNotRead(core, asked, now()),
      );
    case 'change-message':
      return ask(
        store.change(asked.change, { emoji: MAX_EMOJI, reactions: MAX_REACTIONS }, asked.audit),
        'change a message',
        (came) => messageChanged(core, asked, came, now()),
        () => messageNotChanged(core, asked, now()),
      );
    case 'search':
      return ask(
        store.search(asked.search),
        'search',
        (came) => searched(core, asked, came, now()),
        () => notSearched(core, asked, now()),
      );
  }
}

/** About mail and the devices that it is for. */
export function askOfMail(
  { core, store, now, ask }: StoreParts,
  asked: Of<'mail' | 'read-mailbox' | 'received' | 'put-device' | 'devices' | 'announce'>,
): void {
  switch (asked.kind) {
    case 'mail':
      return ask(
        store.sendMail(asked.mail, asked.verdict.kind, { messages: MAX_MAILBOX_MESSAGES, bytes: MAX_MAILBOX_BYTES }),
        'keep mail',
        (came) => mailCame(core, asked, came, now()),
        () => mailNotStored(core, asked, now()),
      );
    case 'read-mailbox':
      return ask(
        store.mailbox(asked.user, asked.device, asked.since, asked.limit, asked.maxBytes),
        'read a mailbox',
        (page) => mailboxRead(core, asked, page),
        () => mailboxNotRead(core, asked, now()),
      );
    case 'received':
      return ask(store.received(asked.user, asked.n, asked.device), 'forget mail that was received');
    case 'put-device':
      return ask(
        store.putDevice(asked.added, { devices: MAX_DEVICES, packages: MAX_PACKAGES }, asked.here),
        'note a device',
        (came) => devicePut(core, asked, came, now()),
        () => deviceNotPut(core, asked, now()),
      );
    case 'devices':
      return ask(
        store.devices(asked.user, asked.claim),
        'look up devices',
        (came) => devicesRead(core, asked, came, now()),
        () => devicesNotRead(core, asked, now()),
      );
    case 'announce':
      return ask(
        store.announce(asked.announcement, asked.entry, MAX_ANNOUNCEMENTS),
        'keep an announcement',
        (places) => announced(core, asked, places, now()),
        () => notAnnounced(core, asked, now()),
      );
  }
}
