/**
 * The way that a chat's frames take: over the server, directly, or none at the moment. Each change of it has all sent again
 * that wasn't acknowledged; what came before is known by its number.
 */

import type { ClientId, DeviceId, GroupId, UserName } from '../base/ids.ts';
import * as f from '../protocol/fields.ts';
import type { PrivateFrame } from '../protocol/private-frames.ts';
import { parse } from '../protocol/schema.ts';
import type { StreamFrame } from './chat-cipher.ts';
import { ChatDirect } from './chat-direct.ts';
import * as words from './chat-words.ts';
import type { Sayable } from './conversation.ts';
import type { DirectOffer } from './direct.ts';
import type { Path } from './private.ts';
import type { Shared } from './shared.ts';
import { Alarm } from './tasks.ts';

/** Milliseconds until somebody who has vanished counts as having left: their program tries the server again for as long. */
export const AWAY_MS = 20_000;
/** The same where our own connection is lost, so that nobody can tell. */
export const CUT_OFF_MS = 120_000;
/** Milliseconds of silence on a direct connection after which the other is asked whether it is there. */
export const PING_AFTER_MS = 4000;
/** Milliseconds without an acknowledgement after which a direct connection counts as dead. */
export const DEAD_AFTER_MS = 10_000;
/** Milliseconds between two looks at both. */
const LOOK_EVERY_MS = 1000;
/** Milliseconds until frames that were too many are sent again; twice as long each time, up to the most. */
const SLOWER_MS = 500;
const SLOWEST_MS = 16_000;

export interface ChatPathPorts {
  readonly shared: Shared;
  readonly chat: GroupId;
  readonly person: UserName;
  readonly note: (text: string, bad: boolean) => void;
  /** The path is another one. */
  readonly changed: () => void;
  readonly again: () => void;
  readonly say: (item: Sayable) => void;
  /** A frame from a direct connection. */
  readonly frame: (frame: StreamFrame) => void;
  /** Nobody has been reached for too long. */
  readonly dead: () => void;
  /** Of the conversation. */
  readonly silence: () => number;
  readonly heard: () => number;
}

/** Ids of our frames: a letter for what they are, and the chat; an error of the server brings them back. */
export function frameId(which: string, chat: GroupId): ClientId {
  const id = parse(f.id, `${which}${chat}`);
  if (!id.ok) throw new Error(id.error);
  return id.value;
}

export class ChatPath {
  readonly #ports: ChatPathPorts;
  readonly #absence: Alarm;
  readonly #look: Alarm;
  readonly #slower: Alarm;
  #slowerMs = SLOWER_MS;
  #device: DeviceId | undefined;
  #direct: ChatDirect | undefined;
  /** The server says that they aren't there. */
  #away = false;
  #last: Path = 'relayed';
  #toldNotReached = false;

  constructor(ports: ChatPathPorts) {
    this.#ports = ports;
    const { timers } = ports.shared;
    this.#absence = new Alarm(timers);
    this.#look = new Alarm(timers);
    this.#slower = new Alarm(timers);
  }

  get isDirect(): boolean {
    return this.#direct?.isUp ?? false;
  }

  get path(): Path {
    if (this.isDirect) return 'direct';
    return this.#ports.shared.isOnline() && !this.#away ? 'relayed' : 'none';
  }

  /** There is a conversation with this device. */
  begin(device: DeviceId): void {
    this.#device = device;
    this.#last = this.path;
    if (this.#last === 'none') this.#absence.set(CUT_OFF_MS, () => this.#ports.dead());
  }

  transmit(frames: readonly StreamFrame[]): void {
    if (this.#direct?.write(frames) !== true) this.relay(frames, 's');
  }

  /** Over the server; where there is none, or it wants a rest, it is sent again later. */
  relay(frames: readonly PrivateFrame[], which: string): void {
    if (this.path !== 'relayed' || this.#slower.isSet) return;
    for (const frame of frames) this.sendTo(this.#device, frame, which);
  }

  sendTo(device: DeviceId | undefined, frame: PrivateFrame, which: string): void {
    const { shared, chat, person } = this.#ports;
    const id = frameId(which, chat);
    shared.toServer({ type: 'private', id, to: person, ...(device === undefined ? {} : { device }), frame });
  }

  // ── the server ──

  online(): void {
    this.#away = false;
    this.#slower.stop();
    this.#slowerMs = SLOWER_MS;
    if (this.#device === undefined) return;
    this.#look4change();
    if (this.isDirect) return;
    this.#ports.again();
    // So that they learn of it, who may have nothing to say and count us as gone.
    this.#ports.say({ kind: 'ping' });
  }

  offline(): void {
    if (this.#device !== undefined) this.#look4change();
  }

  away(): void {
    if (this.#away || this.#device === undefined) return;
    this.#away = true;
    this.#look4change();
  }

  back(): void {
    if (!this.#away) return;
    this.#away = false;
    this.#look4change();
  }

  /** A frame of theirs has come over the server: they are there. */
  seen(): void {
    this.back();
  }

  /** The server wants fewer frames. @param more what else was refused and is to be tried again. */
  tooFast(more: () => void): void {
    if (this.#slower.isSet) return;
    this.#slower.set(this.#slowerMs, () => {
      more();
      this.#ports.again();
    });
    this.#slowerMs = Math.min(this.#slowerMs * 2, SLOWEST_MS);
  }

  // ── directly ──

  goDirect(): void {
    const { shared } = this.#ports;
    const device = this.#device;
    if (shared.direct === undefined || device === undefined) return;
    this.#direct ??= new ChatDirect({
      door: shared.direct,
      timers: shared.timers,
      fault: shared.fault,
      monotonic: () => shared.clock.monotonic(),
      chooser: shared.device < device,
      offer: ({ pin, addresses }) => this.#ports.say({ kind: 'address', pin, addresses }),
      up: () => this.#up(),
      down: (wasUp) => this.#down(wasUp),
      frame: this.#ports.frame,
    });
    this.#direct.try();
  }

  offered(offer: DirectOffer): void {
    this.#direct?.offered(offer);
  }

  #up(): void {
    this.#toldNotReached = false;
    this.#look4change();
    // The first frame on it tells the other side that it is the one.
    this.#ports.say({ kind: 'use' });
    this.#watch();
  }

  #down(wasUp: boolean): void {
    const { person } = this.#ports;
    this.#look.stop();
    // Once for all tries in a row.
    if (!wasUp && !this.#toldNotReached && this.path === 'relayed') this.#ports.note(words.notReached(person), false);
    this.#toldNotReached = true;
    if (wasUp) this.#look4change();
  }

  #watch(): void {
    this.#look.set(LOOK_EVERY_MS, () => {
      const { shared, silence, heard, say } = this.#ports;
      if (silence() >= DEAD_AFTER_MS) return this.#direct?.lost();
      if (silence() === 0 && shared.clock.monotonic() - heard() >= PING_AFTER_MS) say({ kind: 'ping' });
      return this.#watch();
    });
  }

  // ── both ──

  #look4change(): void {
    const { person, note, changed, again, dead } = this.#ports;
    const before = this.#last;
    const now = this.path;
    this.#last = now;
    if (now === before) return;
    this.#absence.stop();
    if (now === 'none') this.#absence.set(this.#ports.shared.isOnline() ? AWAY_MS : CUT_OFF_MS, dead);
    if (now === 'direct') note(words.NOW_DIRECT, false);
    else if (now === 'none') note(words.cutOff(person), true);
    else note(before === 'direct' ? words.relayedNow(person) : words.back(person), false);
    changed();
    if (now !== 'none') again();
  }

  close(): void {
    this.#absence.stop();
    this.#look.stop();
    this.#slower.stop();
    this.#direct?.close();
  }
}
