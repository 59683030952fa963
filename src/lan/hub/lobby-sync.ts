/**
 * All hold the same lobby in the end. Each ping and pong has a digest of what its sender holds. Where two differ for longer
 * than something is on its way, one asks for what it lacks: of one peer at a time, so that of three hundred only one sends a
 * newcomer everything. What a link has lost is there within ten seconds after some link to somebody who has it stands.
 */
import type { Clock } from '../../base/clock.ts';
import type { DeviceId } from '../../base/ids.ts';
import { TokenBucket } from '../../base/token-bucket.ts';
import { Alarm, type Timers } from '../../peer/tasks.ts';
import type { Lobby } from '../lobby/lobby.ts';
import type { LanFrames } from '../mesh/frames.ts';
import type { MeshFrame } from '../mesh/mesh.ts';
import {
  ANSWERS,
  CHECK_EVERY_MS,
  CHECKED_AT_ONCE,
  COMPARE_EVERY_MS,
  DIFFER_MS,
  DIFFER_SPREAD_MS,
  FRUITLESS_AT_MOST_MS,
  FRUITLESS_MS,
  MAX_ANSWER_BYTES,
  MAX_HELD_FRAMES,
  MAX_QUESTIONS_IN_A_ROW,
  PULL_WITHIN_MS,
} from './limits.ts';

export interface LobbySyncPorts {
  readonly device: DeviceId;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly lobby: Lobby;
  readonly send: (device: DeviceId, frame: MeshFrame) => boolean;
}

/** Somebody who holds something else. */
interface Difference {
  /** From when on (monotonic) it is no more explained by what is on its way. */
  due: number;
  /** How often they were asked, and had nothing new. */
  fruitless: number;
}

/** Characters of JSON around a signed entry, at least. */
const ENTRY_HEAD_CHARS = 200;
const SPREAD_STEPS = 64;

/** Between 0 and 1, different for each pair: who all see the same difference don't all ask at once. */
function spreadOf(one: DeviceId, other: DeviceId): number {
  let sum = 0;
  for (const char of `${one}${other}`) sum = (sum * 31 + char.charCodeAt(0)) % 65_521;
  return (sum % SPREAD_STEPS) / SPREAD_STEPS;
}

export class LobbySync {
  readonly #ports: LobbySyncPorts;
  readonly #linked = new Set<DeviceId>();
  readonly #differing = new Map<DeviceId, Difference>();
  /** Parts of questions of others that have not all come. */
  readonly #asked = new Map<DeviceId, string[]>();
  readonly #check: Alarm;
  readonly #compare: Alarm;
  readonly #patience: Alarm;
  /** Bytes of answers. */
  readonly #answers: TokenBucket;
  /** Whom we are asking, how much that has brought, and which question in a row it is. */
  #pull: { readonly device: DeviceId; fresh: number; readonly turn: number } | undefined;
  /** All was compared with somebody once since the start. */
  #isSettled = false;

  constructor(ports: LobbySyncPorts) {
    this.#ports = ports;
    this.#check = new Alarm(ports.timers);
    this.#compare = new Alarm(ports.timers);
    this.#patience = new Alarm(ports.timers);
    this.#answers = new TokenBucket(ANSWERS, ports.clock.monotonic());
  }

  linked(device: DeviceId): void {
    this.#linked.add(device);
    this.#ask(device);
    if (!this.#compare.isSet) this.#compareLater();
  }

  unlinked(device: DeviceId): void {
    this.#linked.delete(device);
    this.#differing.delete(device);
    this.#asked.delete(device);
    if (this.#pull?.device === device) this.#endPull();
  }

  /** What somebody holds, by a ping or pong of theirs. */
  digest(device: DeviceId, digest: string | undefined): void {
    if (digest === undefined || !this.#linked.has(device)) return;
    const isPulled = this.#pull?.device === device;
    if (this.#ports.lobby.agrees(digest)) {
      this.#isSettled = true;
      this.#differing.delete(device);
      if (isPulled) this.#endPull();
      return;
    }
    const difference = this.#differing.get(device) ?? this.#differs(device);
    // All that they had for us stood before this.
    if (isPulled) return this.#answered(difference);
    if (this.#pull === undefined && (!this.#isSettled || difference.due <= this.#mono())) this.#begin(device);
    else this.#checkLater();
  }

  /** Entries have come from somebody, so many of them new. */
  brought(device: DeviceId, fresh: number): void {
    if (this.#pull?.device !== device) return;
    this.#pull.fresh += fresh;
    if (fresh > 0) this.#waitForMore();
  }

  /** Somebody asks for what they lack. Whether they may is for the caller to say. */
  held(device: DeviceId, { entries, more }: LanFrames['held']): void {
    const parts = this.#asked.get(device) ?? [];
    parts.push(entries);
    if (more === true && parts.length < MAX_HELD_FRAMES) {
      this.#asked.set(device, parts);
      return;
    }
    this.#asked.delete(device);
    if (more === true) return;
    for (const missing of this.#ports.lobby.missing(parts, MAX_ANSWER_BYTES)) {
      const bytes = missing.reduce((sum, { said }) => sum + said.length + ENTRY_HEAD_CHARS, 0);
      if (!this.#answers.take(this.#mono(), bytes) || !this.#ports.send(device, { type: 'lobby', entries: missing }))
        return;
    }
  }

  #mono(): number {
    return this.#ports.clock.monotonic();
  }

  #ask(device: DeviceId): void {
    this.#ports.send(device, { type: 'ping', lobby: this.#ports.lobby.digest });
  }

  #differs(device: DeviceId): Difference {
    const spread = DIFFER_SPREAD_MS * spreadOf(this.#ports.device, device);
    const difference = { due: this.#mono() + DIFFER_MS + spread, fruitless: 0 };
    this.#differing.set(device, difference);
    return difference;
  }

  #begin(device: DeviceId, turn = 1): void {
    const { lobby, send } = this.#ports;
    const parts = lobby.held();
    const frames = parts.length === 0 ? [''] : parts;
    this.#pull = { device, fresh: 0, turn };
    this.#waitForMore();
    for (const [i, entries] of frames.entries())
      send(device, { type: 'held', entries, ...(i < frames.length - 1 ? { more: true } : {}) });
    // Its answer comes behind theirs.
    this.#ask(device);
  }

  #waitForMore(): void {
    this.#patience.set(PULL_WITHIN_MS, () => {
      const difference = this.#pull && this.#differing.get(this.#pull.device);
      if (difference === undefined) this.#endPull();
      else this.#answered(difference);
    });
  }

  /** They have said all for now, and still hold something else: more of the same, or less than we. */
  #answered(difference: Difference): void {
    const { device, fresh = 0, turn = 0 } = this.#pull ?? {};
    const goesOn = fresh > 0 && turn < MAX_QUESTIONS_IN_A_ROW;
    if (goesOn) {
      difference.fruitless = 0;
      difference.due = this.#mono();
    } else {
      difference.due = this.#mono() + Math.min(FRUITLESS_MS * 2 ** difference.fruitless, FRUITLESS_AT_MOST_MS);
      difference.fruitless += 1;
      this.#isSettled = true;
    }
    this.#endPull();
    if (device !== undefined && goesOn) this.#begin(device, turn + 1);
  }

  #endPull(): void {
    this.#pull = undefined;
    this.#patience.stop();
    if (this.#differing.size > 0) this.#checkLater();
  }

  #checkLater(): void {
    if (this.#check.isSet) return;
    this.#check.set(CHECK_EVERY_MS, () => {
      const mono = this.#mono();
      const due = [...this.#differing].filter((one) => one[1].due <= mono).map(([device]) => device);
      if (this.#pull === undefined) for (const device of due.slice(0, CHECKED_AT_ONCE)) this.#ask(device);
      if (this.#differing.size > 0) this.#checkLater();
    });
  }

  /** On a link that is busy nobody pings. */
  #compareLater(): void {
    this.#compare.set(COMPARE_EVERY_MS, () => {
      const [next] = this.#linked;
      if (next === undefined) return;
      // To the end of the row.
      this.#linked.delete(next);
      this.#linked.add(next);
      this.#ask(next);
      this.#compareLater();
    });
  }
}
