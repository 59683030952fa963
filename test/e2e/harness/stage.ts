/**
 * Where a test plays: a folder of its own, with a home for everybody in it, and all that was started there. Whatever
 * happens in the test, when the stage closes nothing of it is left.
 */
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import type { Size } from '../../../src/client/core/state.ts';
import { Host } from './host.ts';
import { inScreen, inTmux, type Multiplexer } from './multiplexer.ts';
import { type Finished, Program } from './program.ts';
import { Server } from './server.ts';
import { DEFAULT_SIZE, Typist } from './typist.ts';
import { killIfThere, until } from './wait.ts';

/** The checkout. */
export const ROOT: string = dirname(dirname(dirname(import.meta.dirname)));
const UCHAT: readonly [string, string] = [process.execPath, join(ROOT, 'src', 'cli.ts')];

/** The name by which the host knows this process. */
export const OWN_NAME = userInfo().username;

export type Command = readonly [file: string, ...args: string[]];

export interface Who {
  /** A guest of this name; undefined: oneself, as the host knows one. */
  readonly as?: string;
  /** One of the stage's logins; undefined: the user who runs this. */
  readonly login?: string;
  /** Somebody with a home of their own, who says on the command line who they are. */
  readonly person?: string;
  /** Puts what they run on another host. */
  readonly on?: (command: Command) => Command;
}

export interface ClientOptions extends Who {
  readonly size?: Size;
  readonly term?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  readonly inside?: Multiplexer;
}

export interface Attached {
  readonly client: Typist;
  /** From a terminal of another size, which takes it away from the one before. */
  attach(size: Size): Typist;
  /** What is on its screen as it would be copied; only tmux tells. */
  copy(): Promise<string>;
}

const asWhom = ({ as }: Who): string[] => (as === undefined ? [] : ['--guest', '--user', as]);

interface Disposable {
  dispose(): Promise<void>;
}

export class Stage {
  /** Short, since sockets live in it. */
  readonly folder: string = mkdtempSync(join(tmpdir(), 'uchat-e2e-'));
  readonly #things: Disposable[] = [];
  #count = 0;
  #given: Readonly<Record<string, string>> = {};

  readonly #host: Host | undefined;

  /** @param logins more users of this host, for which it takes root. */
  constructor(...logins: readonly string[]) {
    // They have their homes in it.
    chmodSync(this.folder, 0o711);
    this.#host = logins.length > 0 ? new Host(this.folder, logins) : undefined;
  }

  /** Everybody has this in their environment from now on. */
  giveAll(given: Readonly<Record<string, string>>): this {
    this.#given = { ...this.#given, ...given };
    return this;
  }

  /** A fresh folder of somebody's. */
  newFolder(name: string, { login }: Who = {}): string {
    this.#count += 1;
    return this.#folder(`${name}-${this.#count}`, login);
  }

  #folder(name: string, login: string | undefined): string {
    const folder = join(this.folder, name);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (login !== undefined) this.#host?.own(folder, login);
    return folder;
  }

  /** Everybody has a home, the same one each time. */
  #home({ as, login, person }: Who): string {
    return this.#folder(`home-${login ?? 'own'}-${as ?? person ?? 'self'}`, login);
  }

  #asUser(command: Command, { login, on }: Who): Command {
    const own = this.#host?.command(command, login) ?? command;
    return on?.(own) ?? own;
  }

  /** Nothing of this process's own surroundings but the path, so that a test is the same on every machine. */
  environment(who: Who = {}, term = 'xterm-256color'): Record<string, string> {
    const home = this.#home(who);
    return {
      PATH: process.env.PATH ?? '',
      HOME: home,
      XDG_CONFIG_HOME: join(home, 'config'),
      XDG_DATA_HOME: join(home, 'data'),
      XDG_STATE_HOME: join(home, 'state'),
      XDG_RUNTIME_DIR: join(home, 'run'),
      TZ: 'UTC',
      LC_ALL: 'C.UTF-8',
      TERM: term,
      ...this.#given,
    };
  }

  #keep<T extends Disposable>(thing: T): T {
    this.#things.push(thing);
    return thing;
  }

  /** @param options as they are typed: `--guests`, `--away-after`, `1s`. */
  async server(...options: readonly string[]): Promise<Server> {
    return await this.serverOn(0, ...options);
  }

  /**
   * Nobody gets away in it unless the test says when: on a busy machine a test takes what it takes.
   * @param port 0: any free one.
   */
  async serverOn(port: number, ...options: readonly string[]): Promise<Server> {
    return await this.#server(port, {}, options);
  }

  /** @param on puts it on another host. */
  async serverElsewhere(on: (command: Command) => Command, ...options: readonly string[]): Promise<Server> {
    return await this.#server(0, { on }, options);
  }

  async #server(port: number, who: Who, options: readonly string[]): Promise<Server> {
    const away = options.includes('--away-after') ? [] : ['--away-after', '1h'];
    return this.#keep(
      await Server.start({
        command: this.#asUser([...UCHAT, ...options, ...away], who),
        env: this.environment(),
        cwd: this.folder,
        data: this.newFolder('server'),
        port,
      }),
    );
  }

  /** The command that a person would type. */
  uchat(target: Server | string | undefined, { args = [], ...who }: ClientOptions = {}): [string, ...string[]] {
    const address = target instanceof Server ? target.address : target;
    return [...UCHAT, ...(address === undefined ? [] : [address]), ...asWhom(who), ...args];
  }

  /** `uchat` in a terminal. @param target what stands behind it: an address, or nothing. */
  client(target: Server | string | undefined, options: ClientOptions = {}): Typist {
    const { inside } = options;
    const uchat = this.uchat(target, options);
    return inside === undefined ? this.terminal(uchat, options) : this.session(inside, uchat, options).client;
  }

  /** A session of tmux or screen, and how to come back to it from another terminal. */
  session(inside: Multiplexer, command: Command, options: ClientOptions = {}): Attached {
    // Its socket, in a folder that only its owner may enter, as both demand.
    const socket = this.newFolder('mux', options);
    const mux = (inside === 'tmux' ? inTmux : inScreen)(socket, command, options.size ?? DEFAULT_SIZE);
    this.#keep({ dispose: async () => void (await this.#run(mux.end, options)) });
    const inIt: ClientOptions = { ...options, env: { ...mux.env, ...options.env } };
    return {
      client: this.terminal(mux.command, inIt),
      attach: (size) => this.terminal(mux.attach, { ...inIt, size }),
      copy: async () => (mux.copy === undefined ? '' : (await this.#run(mux.copy, options)).stdout),
    };
  }

  /** Any program in a terminal. */
  terminal(command: Command, options: ClientOptions = {}): Typist {
    const { size, term, env = {} } = options;
    return this.#keep(
      new Typist({
        command: this.#asUser(command, options),
        env: { ...this.environment(options, term), ...env },
        cwd: this.folder,
        ...(size === undefined ? {} : { size }),
      }),
    );
  }

  /** Several people who are in. */
  async #people<const N extends readonly string[]>(
    server: Server,
    names: N,
    options: (name: string) => ClientOptions,
  ): Promise<{ [K in keyof N]: Typist }> {
    const all = names.map((name) => this.client(server, options(name)));
    await Promise.all(all.map(pastWelcome));
    return all as { [K in keyof N]: Typist };
  }

  /** Several guests who are in. */
  async guests<const N extends readonly string[]>(server: Server, names: N, options: ClientOptions = {}) {
    return await this.#people(server, names, (as) => ({ ...options, as }));
  }

  /** Several users of the host who are in. */
  async logins<const N extends readonly string[]>(server: Server, names: N, options: ClientOptions = {}) {
    return await this.#people(server, names, (login) => ({ ...options, login }));
  }

  /** Starts `uchat send`, `tail`, `who`, `history`. */
  script(server: Server | undefined, args: readonly string[], who: Who = {}): Program {
    const where = server === undefined ? [] : ['--server', server.address];
    const [word, ...rest] = args;
    return this.#keep(
      new Program({
        command: this.#asUser(
          [...UCHAT, ...(word === undefined ? [] : [word]), ...where, ...asWhom(who), ...rest],
          who,
        ),
        env: this.environment(who),
        cwd: this.folder,
      }),
    );
  }

  /** The same, to its end. */
  async run(
    server: Server | undefined,
    args: readonly string[],
    who: Who & { input?: string } = {},
  ): Promise<Finished> {
    return await this.script(server, args, who)
      .write(who.input ?? '')
      .endInput()
      .finished();
  }

  async #run(command: Command, who: Who): Promise<Finished> {
    return await new Program({
      command: this.#asUser(command, who),
      env: this.environment(who),
      cwd: this.folder,
    }).finished();
  }

  async close(): Promise<void> {
    const closed = await Promise.allSettled(this.#things.map((thing) => thing.dispose()));
    // A server that a client started is nobody's child, but has our home in its environment.
    await until(
      () => (this.leftOver().filter(killIfThere).length === 0 ? true : undefined),
      () => `still running: ${this.leftOver().join(' ')}`,
    );
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    for (const one of closed) if (one.status === 'rejected') throw one.reason;
  }

  /** Processes of this stage, by their surroundings. */
  leftOver(): number[] {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
      .filter((pid) => {
        try {
          return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`HOME=${this.folder}/`);
        } catch {
          // It has ended meanwhile, or is another user's.
          return false;
        }
      })
      .map(Number);
  }
}

/** What the status bar says when all is well. */
export const ONLINE = /^ online\b/m;

const WELCOME = 'Welcome to ';

/** In, and past the words that everybody sees at their first start. */
async function pastWelcome(client: Typist): Promise<void> {
  await client.waitFor(ONLINE);
  if (!client.screen().some((line) => line.includes(WELCOME))) return;
  client.press('pageup');
  await client.waitUntilGone(WELCOME);
}

/** A port of this host on which nothing listens. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  const { promise, resolve } = Promise.withResolvers<void>();
  probe.listen(0, '127.0.0.1', resolve);
  await promise;
  const address = probe.address();
  const closed = Promise.withResolvers<void>();
  probe.close(() => closed.resolve());
  await closed.promise;
  if (address === null || typeof address === 'string') throw new Error('a TCP server without a port');
  return address.port;
}
