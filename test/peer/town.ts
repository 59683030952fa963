/** A relay and the people on it, made anew for each test and closed after it, on clocks of the test's own. */
import { afterEach, beforeEach, vi } from 'vitest';
import type { VaultChange } from '../../src/peer/vault.ts';
import { Person, type PersonOptions, Relay, type RelayOptions, until } from './relay.ts';

/** What stands still until a test lets it go on. Immediates go on: keys take real time. */
const CLOCKS = ['setTimeout', 'clearTimeout', 'Date', 'performance'] as const;

interface TownOptions extends RelayOptions {
  /** When it is; otherwise it is now. */
  readonly now?: Date;
}

export class Town {
  readonly #options: TownOptions;
  readonly #people: Person[] = [];
  relay: Relay;

  constructor(options: TownOptions) {
    this.#options = options;
    this.relay = new Relay(options);
  }

  open(): void {
    const { now } = this.#options;
    vi.useFakeTimers({ toFake: [...CLOCKS], ...(now === undefined ? {} : { now }) });
    this.relay = new Relay(this.#options);
  }

  close(): void {
    for (const one of this.#people.splice(0)) one.close();
    vi.useRealTimers();
  }

  /** Somebody who has not come in yet. @param relay another than the town's, for one who is led astray. */
  newcomer(name: string, options: PersonOptions = {}, relay = this.relay): Person {
    const made = new Person(relay, name, options);
    this.#people.push(made);
    return made;
  }

  /** Somebody who is in, with key packages on the server. */
  person(name: string, options: PersonOptions = {}): Promise<Person> {
    return this.newcomer(name, options).ready();
  }

  /** The program has ended, whenever that was, and begins again. */
  again(one: Person): Promise<Person> {
    one.close();
    return this.person(one.name, { vault: one.vault });
  }

  /** The power fails where this change would be written; then the program starts again. */
  async crashAt(one: Person, isIt: (change: VaultChange) => boolean, act: () => void): Promise<Person> {
    const real = one.vault.commit.bind(one.vault);
    let crashed = false;
    one.vault.commit = (change) => {
      if (crashed || isIt(change)) {
        crashed = true;
        one.close();
        throw new Error('the power is out');
      }
      real(change);
    };
    act();
    await until(() => crashed);
    one.vault.commit = real;
    return this.again(one);
  }
}

/** For all tests of a file. */
export function inTown(options: TownOptions = {}): Town {
  const town = new Town(options);
  beforeEach(() => town.open());
  afterEach(() => town.close());
  return town;
}
