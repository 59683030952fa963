/** A real server, which may die and come back on the same port with the same data. */
import { Program, type ProgramOptions } from './program.ts';

export interface ServerPlan extends Omit<ProgramOptions, 'command'> {
  /** `uchat` itself, and the options of this server. */
  readonly command: ProgramOptions['command'];
  readonly data: string;
  /** 0: any free one. */
  readonly port: number;
}

interface Entry {
  readonly event?: string;
  readonly port?: number;
  readonly [field: string]: unknown;
}

export class Server {
  readonly #plan: ServerPlan;
  #program: Program;
  #port: number;

  private constructor(plan: ServerPlan) {
    this.#plan = plan;
    this.#port = plan.port;
    this.#program = this.#spawn();
  }

  static async start(plan: ServerPlan): Promise<Server> {
    const server = new Server(plan);
    await server.#listens();
    return server;
  }

  #spawn(): Program {
    const { command, data, port: _first, ...rest } = this.#plan;
    const options = ['--serve', '--no-dashboard', '--port', String(this.#port), '--data', data];
    return new Program({ ...rest, command: [...command, ...options] });
  }

  async #listens(): Promise<void> {
    this.#port = await this.#program.waitFor(
      'the line that says where it listens',
      () => this.log().find(({ event }) => event === 'started')?.port,
    );
  }

  get port(): number {
    return this.#port;
  }

  get address(): string {
    return `127.0.0.1:${this.#port}`;
  }

  get data(): string {
    return this.#plan.data;
  }

  get program(): Program {
    return this.#program;
  }

  /** What it has logged since it was started last. */
  log(): Entry[] {
    return this.#program.lines().map((line) => {
      const entry: Entry = JSON.parse(line);
      return entry;
    });
  }

  /** Waits until it is dead. */
  async kill(signal: NodeJS.Signals): Promise<void> {
    this.#program.kill(signal);
    await this.#program.finished();
  }

  async startAgain(): Promise<void> {
    this.#program = this.#spawn();
    await this.#listens();
  }

  async dispose(): Promise<void> {
    await this.#program.dispose();
  }
}
