/**
 * Who of the server's people somebody on the local network is: their devices are asked for, a few a second, while
 * anybody is there.
 */
import type { ClientId, DeviceId, UserName } from '../../../base/ids.ts';
import type { ClientMessage } from '../../../protocol/client-messages.ts';
import type { ServerMessage } from '../../../protocol/server-messages.ts';
import type { Names } from './names.ts';
import type { People } from './people.ts';

/** Milliseconds between two questions: the server answers many more. */
export const ASK_EVERY_MS = 200;
/** Milliseconds for which an answer holds of whoever stays: people seldom get another device. */
const ANSWER_HOLDS_MS = 1_800_000;
/** Milliseconds for an answer; without one they are asked again when all others have been. */
const ANSWER_WITHIN_MS = 20_000;
/** People of whom it is remembered when they were asked for. */
const MAX_ASKED = 10_000;

export interface OwnersPorts {
  readonly newId: () => ClientId;
  readonly monotonic: () => number;
  readonly toServer: (message: ClientMessage) => void;
  /** Those whom it helps to ask for, the likeliest first; nobody where nobody is on the network. */
  readonly candidates: () => Iterable<UserName>;
  readonly known: (user: UserName, devices: readonly DeviceId[]) => void;
}

/**
 * Ourselves first, then whoever is called the same on both sides, and then all others, also where somebody is found: should
 * two say that a device is theirs, it is nobody's.
 */
export function* candidates({
  people,
  names,
  self,
}: {
  readonly people: People;
  readonly names: Names;
  readonly self: UserName | undefined;
}): Generator<UserName> {
  const there = new Set<string>();
  for (const { name } of people.onLanNow()) there.add((names.toLan(name) ?? name).toLowerCase());
  if (there.size === 0) return;
  if (self !== undefined) yield self;
  const isLikely = (user: UserName): boolean => there.has(user.replace(/^~/, '').toLowerCase());
  const users = [...people.onServerNow()].filter((user) => user !== self);
  yield* users.filter(isLikely);
  yield* users.filter((user) => !isLikely(user));
}

export class Owners {
  readonly #ports: OwnersPorts;
  /** Until when nobody asks again, monotonic ms. */
  readonly #asked = new Map<UserName, number>();
  readonly #questions = new Map<ClientId, UserName>();
  #timer: NodeJS.Timeout | undefined;
  #isUp = false;

  constructor(ports: OwnersPorts) {
    this.#ports = ports;
  }

  serverUp(): void {
    this.#isUp = true;
    this.look();
  }

  serverDown(): void {
    this.#isUp = false;
    this.#questions.clear();
    // Who comes back may come with another device.
    this.#asked.clear();
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  close(): void {
    this.serverDown();
  }

  /** They have come, perhaps with another device. */
  forget(user: UserName): void {
    this.#asked.delete(user);
  }

  /** Somebody has come: there may be something to ask. */
  look(): void {
    if (this.#isUp) this.#timer ??= setTimeout(() => this.#next(), ASK_EVERY_MS);
  }

  #next(): void {
    this.#timer = undefined;
    const now = this.#ports.monotonic();
    for (const user of this.#ports.candidates()) {
      if ((this.#asked.get(user) ?? Number.NEGATIVE_INFINITY) > now) continue;
      this.#ask(user, now);
      this.look();
      return;
    }
  }

  #ask(user: UserName, now: number): void {
    const id = this.#ports.newId();
    this.#questions.set(id, user);
    const [oldest] = this.#questions.keys();
    if (this.#questions.size > ANSWER_WITHIN_MS / ASK_EVERY_MS && oldest !== undefined) this.#questions.delete(oldest);
    this.#note(user, now + ANSWER_WITHIN_MS);
    this.#ports.toServer({ type: 'devices', id, user });
  }

  #note(user: UserName, until: number): void {
    this.#asked.delete(user);
    this.#asked.set(user, until);
    const [oldest] = this.#asked.keys();
    if (this.#asked.size > MAX_ASKED && oldest !== undefined) this.#asked.delete(oldest);
  }

  /** @returns whether it answers a question of this. */
  takes(message: ServerMessage): boolean {
    if (message.type !== 'devices' && message.type !== 'error') return false;
    const user = message.id === undefined ? undefined : this.#questions.get(message.id);
    if (user === undefined || message.id === undefined) return false;
    this.#questions.delete(message.id);
    this.#note(user, this.#ports.monotonic() + ANSWER_HOLDS_MS);
    if (message.type === 'devices' && message.user === user) {
      this.#ports.known(
        user,
        message.devices.map(({ device }) => device),
      );
    }
    return true;
  }
}
