/** What the server says of others: which devices they have, and a key package of each. Its word is compared with the pins. */
import type { ClientId, DeviceId, UserName } from '../base/ids.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { ClientMessage } from '../protocol/client-messages.ts';
import type { ServerMessages } from '../protocol/server-messages.ts';
import type { Timers } from './tasks.ts';

/** Why there is no answer: an error code of the protocol, or `offline`, or `no_answer`. */
export interface Refusal {
  readonly code: string;
  readonly text: string;
}

type Devices = ServerMessages['devices']['devices'];
export type Answer<T> = Promise<Result<T, Refusal>>;

/** Milliseconds for which a list of devices counts as known: one of a conversation, not one of a day. */
const FRESH_MS = 60_000;
/** Milliseconds for an answer: longer than any server takes that is alive. */
const ANSWER_WITHIN_MS = 20_000;
/** People whose devices are remembered so long. */
const MAX_REMEMBERED = 200;

const OFFLINE: Refusal = { code: 'offline', text: 'there is no connection to the server' };

interface Question {
  readonly user: UserName;
  readonly answer: (result: Result<Devices, Refusal>) => void;
}

export interface DirectoryPorts {
  readonly timers: Timers;
  readonly newId: () => ClientId;
  readonly monotonic: () => number;
  readonly toServer: (message: ClientMessage) => boolean;
}

export class Directory {
  readonly #ports: DirectoryPorts;
  readonly #questions = new Map<ClientId, Question>();
  readonly #known = new Map<UserName, { readonly devices: readonly DeviceId[]; readonly until: number }>();

  constructor(ports: DirectoryPorts) {
    this.#ports = ports;
  }

  async devices(user: UserName): Answer<readonly DeviceId[]> {
    const known = this.#known.get(user);
    if (known !== undefined && known.until > this.#ports.monotonic()) return ok(known.devices);
    const answered = await this.#ask(user);
    if (!answered.ok) return answered;
    const devices = [...new Set(answered.value.map(({ device }) => device))];
    this.#known.delete(user);
    this.#known.set(user, { devices, until: this.#ports.monotonic() + FRESH_MS });
    for (const [oldest] of this.#known) if (this.#known.size > MAX_REMEMBERED) this.#known.delete(oldest);
    return ok(devices);
  }

  /** The same, where it is no harm to know none. */
  async anyDevices(user: UserName): Promise<readonly DeviceId[]> {
    const devices = await this.devices(user);
    return devices.ok ? devices.value : [];
  }

  /** A package each, in base64url; of devices that have none left, none. */
  async claim(user: UserName, claim: readonly DeviceId[]): Answer<ReadonlyMap<DeviceId, string>> {
    const answered = await this.#ask(user, claim);
    if (!answered.ok) return answered;
    const packages = new Map<DeviceId, string>();
    for (const { device, package: given } of answered.value)
      if (given !== undefined && claim.includes(device)) packages.set(device, given);
    return ok(packages);
  }

  #ask(user: UserName, claim?: readonly DeviceId[]): Answer<Devices> {
    const id = this.#ports.newId();
    return new Promise((resolve) => {
      const cancel = this.#ports.timers.after(ANSWER_WITHIN_MS, () =>
        this.#questions.get(id)?.answer(err({ code: 'no_answer', text: 'the server does not answer' })),
      );
      const answer = (result: Result<Devices, Refusal>): void => {
        cancel();
        this.#questions.delete(id);
        resolve(result);
      };
      this.#questions.set(id, { user, answer });
      const sent = this.#ports.toServer({ type: 'devices', id, user, ...(claim === undefined ? {} : { claim }) });
      if (!sent) answer(err(OFFLINE));
    });
  }

  /** The list that we have is out of date. */
  forget(user: UserName): void {
    this.#known.delete(user);
  }

  receive({ id, user, devices }: ServerMessages['devices']): void {
    const question = id === undefined ? undefined : this.#questions.get(id);
    if (question === undefined) return;
    question.answer(
      user === question.user ? ok(devices) : err({ code: 'no_answer', text: 'the server has answered something else' }),
    );
  }

  /** @returns whether it answers a question of ours. */
  refused(id: ClientId, refusal: Refusal): boolean {
    const question = this.#questions.get(id);
    question?.answer(err(refusal));
    return question !== undefined;
  }

  offline(): void {
    this.#known.clear();
    for (const { answer } of this.#questions.values()) answer(err(OFFLINE));
  }
}
