/** People on local networks: each on a host of theirs, with uchat and no server. */
import { onTestFinished } from 'vitest';
import type { Size } from '../../../src/client/core/state.ts';
import { Network, type Plan } from '../../lan/networks.ts';
import { openStage } from './open-stage.ts';
import type { Finished, Program } from './program.ts';
import type { Stage, Who } from './stage.ts';
import type { Typist } from './typist.ts';

interface At<Host extends string> {
  /** Where they sit; else on the host of their name. */
  readonly host?: Host;
  /** One of the stage's logins. */
  readonly login?: string;
  readonly args?: readonly string[];
}

export interface Somebody {
  readonly name: string;
  readonly state: string;
  readonly device: string;
  readonly fingerprint: string;
}

export class Lan<Host extends string> {
  readonly stage: Stage;
  readonly network: Network<Host>;

  private constructor(stage: Stage, network: Network<Host>) {
    this.stage = stage;
    this.network = network;
  }

  /** For one test: it ends with it. @param logins of every host, for which it takes root. */
  static async start<Host extends string>(plan: Plan<Host>, ...logins: readonly string[]): Promise<Lan<Host>> {
    // Ended last, so that nobody tries to say good-bye on a network that is no more.
    const network = await Network.start(plan);
    onTestFinished(() => network.close());
    return new Lan(openStage(...logins), network);
  }

  #who(name: string, { host, login }: At<Host>): Who {
    const on = this.network.on(host ?? (name as Host));
    return login === undefined ? { person: name, on } : { login, on };
  }

  #words(name: string, { login, args = [] }: At<Host>): string[] {
    return ['--lan', ...(login === undefined ? ['--user', name] : []), ...args];
  }

  /** In the full screen. */
  screen(name: string, at: At<Host> & { readonly size?: Size } = {}): Typist {
    const { size = { columns: 80, rows: 24 } } = at;
    return this.stage.client(undefined, { ...this.#who(name, at), args: this.#words(name, at), size });
  }

  /** In lines. */
  lines(name: string, at: At<Host> = {}): Program {
    return this.stage.script(undefined, ['--plain', ...this.#words(name, at)], this.#who(name, at));
  }

  /** Starts a command: `tail`. */
  script(name: string, args: readonly string[], at: At<Host> = {}): Program {
    return this.stage.script(undefined, [...args, ...this.#words(name, at)], this.#who(name, at));
  }

  /** … to its end. */
  async run(name: string, args: readonly string[], at: At<Host> = {}): Promise<Finished> {
    return await this.script(name, args, at).endInput().finished();
  }

  /** Who is there for this one, by `uchat who`. */
  async people(name: string, at: At<Host> = {}): Promise<Somebody[]> {
    // Options may stand before the word.
    const words = [...this.#words(name, at), 'who', '--json'];
    const { stdout, status, stderr } = await this.stage.run(undefined, words, this.#who(name, at));
    if (status !== 0) throw new Error(`who of ${name}: ${stderr}`);
    return stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Somebody);
  }
}
