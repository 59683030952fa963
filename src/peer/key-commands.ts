/** What a person does about keys: compares, accepts, looks at them. */
import type { DeviceId, UserName } from '../base/ids.ts';
import { fingerprintOf } from '../crypto/identity.ts';
import { safetyNumber } from '../crypto/safety-number.ts';
import type { PrivateCommand } from './private.ts';
import type { Shared } from './shared.ts';
import { changedWords, isVerified } from './trust.ts';
import type { Pin } from './vault.ts';

type Of<K extends PrivateCommand['do']> = Extract<PrivateCommand, { do: K }>;

export class KeyCommands {
  readonly #shared: Shared;
  readonly #distrust: (user: UserName, device: DeviceId) => void;

  /** @param distrust the numbers of this device differ: chats with it end. */
  constructor(shared: Shared, distrust: (user: UserName, device: DeviceId) => void) {
    this.#shared = shared;
    this.#distrust = distrust;
  }

  trust({ user }: Of<'trust'>): void {
    this.#shared.tell({ type: 'trust', person: user, trust: this.#shared.trust.of(user) });
  }

  verify({ user }: Of<'verify'>): void {
    const { vault, errands, directory, trust } = this.#shared;
    if (vault.pins(user).length > 0) return this.#show(user);
    return errands.run(async () => {
      const devices = await directory.devices(user);
      if (!devices.ok)
        return this.#told(user, `there is no number to compare with ${user}: ${devices.error.text}`, true);
      trust.meet(
        user,
        devices.value.filter((device) => device !== this.#shared.device),
      );
      return this.#show(user);
    });
  }

  /** The next device that wants comparing; where all have been compared, the first once more. */
  #show(user: UserName): void {
    const self = this.#shared.self();
    const pins = this.#theirs(user);
    const open = pins.filter((one) => !isVerified(one));
    const [pin] = open.length > 0 ? open : pins;
    if (self === undefined) return this.#told(user, 'you are not logged in, so you have no name yet', true);
    if (pin === undefined) return this.#told(user, `${user} has no device to compare with`, true);
    const { names, device } = this.#shared;
    const digits = safetyNumber(names.party(self.user, device), names.party(user, pin.device));
    const more = Math.max(0, (open.length > 0 ? open.length : pins.length) - 1);
    return this.#shared.tell({ type: 'safetyNumber', person: user, device: pin.device, digits, more });
  }

  /** Of one's own devices this one is known. The newest first: an older one may be lost, with nobody to read its number. */
  #theirs(user: UserName): readonly Pin[] {
    const pins = this.#shared.vault.pins(user).filter(({ device }) => device !== this.#shared.device);
    return pins.toSorted((one, other) => other.since - one.since);
  }

  compared({ user, device, equal }: Of<'compared'>): void {
    if (!this.#shared.trust.compared(user, device, equal)) return;
    if (!equal) {
      this.#distrust(user, device);
      return this.#told(
        user,
        `the numbers differ: somebody sits between you and ${user}, or one of you has read them wrong. ` +
          `Nothing is sent to that device; tell ${user} by another way`,
        true,
      );
    }
    const rest = this.#theirs(user).filter((one) => !isVerified(one)).length;
    this.#told(user, `${user} is verified${rest > 0 ? ` on this device; ${rest} more to compare` : ''}`, false);
    if (rest > 0) this.#show(user);
  }

  acceptKey({ user }: Of<'acceptKey'>): void {
    const { errands, directory, trust } = this.#shared;
    if (!trust.isFull(user)) return this.#accept(user);
    return errands.run(async () => {
      directory.forget(user);
      const listed = await directory.anyDevices(user);
      trust.makeRoom(user, listed);
      this.#accept(user);
      // For those there was no room till now, so nobody was asked about them.
      if (trust.meet(user, listed) === 'changed') this.#told(user, changedWords(user), true);
    });
  }

  #accept(user: UserName): void {
    const { length } = this.#shared.trust.accept(user);
    if (length === 0) return this.#told(user, `there is no new key of ${user}`, false);
    const [one, all] = user === this.#shared.self()?.user ? ['device', 'yours'] : ['key', `${user}'s`];
    const count = length === 1 ? `a new ${one} counts` : `${length} new ${one}s count`;
    const how = one === 'device' ? '/dhkey, here and there, tells' : `only /verify ${user} tells`;
    return this.#told(user, `${count} as ${all} from now on; whether that is so, ${how}`, false);
  }

  fingerprints({ user }: Of<'fingerprints'>): void {
    const { device, self } = this.#shared;
    const name = self()?.user;
    if (user === undefined || user === name) {
      const others = name === undefined ? [] : this.#theirs(name).map(lineOf);
      this.#shared.tell({
        type: 'told',
        text: [`this device: ${fingerprintOf(device)}`, ...others].join('\n'),
        bad: false,
      });
      return;
    }
    const lines = this.#theirs(user).map(lineOf);
    this.#told(user, lines.length > 0 ? lines.join('\n') : `no device of ${user} is known here yet`, false);
  }

  #told(person: UserName, text: string, bad: boolean): void {
    this.#shared.tell({ type: 'told', person, text, bad });
  }
}

function stateOf({ verified, accepted }: Pin): string {
  if (!accepted) return verified ? 'THE NUMBERS DIFFER' : 'NEW, not accepted';
  return verified ? 'verified' : 'not verified';
}

function lineOf(pin: Pin): string {
  const { user, device } = pin;
  return `${user}: ${fingerprintOf(device)} (${stateOf(pin)})`;
}
