/**
 * Writers and readers under load, and a server that is killed with -9 again and again. All chance comes from one seed; what
 * the machine does in between doesn't, so a seed repeats the moments and not every step.
 */
import { watch, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { pause, until } from '../e2e/harness/wait.ts';
import { check } from './checker.ts';
import { CorePerson } from './core-person.ts';
import { makeOldData, VERSIONS } from './old-data.ts';
import type { Traced } from './participant.ts';
import { type Chance, chanceOf } from './seed.ts';
import { ServerProcess } from './server-process.ts';
import { readStored } from './stored.ts';
import type { Observation, Violation } from './trace.ts';
import { WirePerson } from './wire-person.ts';

export interface RigOptions {
  readonly kills: number;
  readonly seed: number;
  readonly durability: 'full' | 'process';
  /** Told of each kill. */
  readonly tell?: (line: string) => void;
}

export interface Summary {
  readonly seed: number;
  readonly durability: string;
  readonly kills: Readonly<Record<Moment, number>>;
  readonly messages: number;
  readonly acknowledged: number;
  readonly changes: number;
  readonly mail: number;
  readonly observations: number;
  readonly seconds: number;
  readonly violations: readonly Violation[];
}

const MOMENTS = ['any', 'after a send', 'after an answer', 'index', 'checkpoint', 'start', 'migration'] as const;
type Moment = (typeof MOMENTS)[number];

const ROOMS = ['#lobby', '#dev'] as const;
const EMOJI = ['👍', '🎉', '👀'] as const;
const DEVICES = ['desk', 'phone'] as const;
/** Messages of the time before, which a start has to migrate. */
const OLD_MESSAGES = 3000;
/** Milliseconds that a server lives at most before it is killed. */
const LIVES_MS = 450;
/** Milliseconds from a start to the point where it listens, about: kills during a start are spread over it. */
const START_MS = 500;
/** Milliseconds without a message after which the store begins with the index; as in its `chores.ts`. */
const REST_MS = 200;
/** Milliseconds that the end may take, in which all come back and get what they have missed. */
const SETTLE_WITHIN_MS = 60_000;
/** Milliseconds by which the server's wall clock is wrong: right, an hour slow, in 1970, a day fast. */
const SHIFTS_MS = [0, 0, -3_600_000, -Date.now(), 86_400_000] as const;
/** Messages of a writer that may wait for an answer, so that a server that is down doesn't make a heap of them. */
const MOST_UNANSWERED = 40;

class Rig implements Traced {
  readonly #options: RigOptions;
  readonly #chance: Chance;
  readonly #trace: Observation[] = [];
  readonly #kills = Object.fromEntries(MOMENTS.map((moment) => [moment, 0])) as Record<Moment, number>;
  readonly #folder: string;
  readonly #server: ServerProcess;
  #wire: WirePerson[] = [];
  #people: CorePerson[] = [];
  #texts = 0;
  #isResting = false;
  #isOver = false;
  #onSaying: () => void = () => undefined;
  #onAcked: () => void = () => undefined;

  constructor(options: RigOptions, folder: string) {
    this.#options = options;
    this.#chance = chanceOf(options.seed);
    this.#folder = folder;
    writeFileSync(join(folder, 'shift'), '0');
    const durability = ['--durability', options.durability];
    this.#server = new ServerProcess({
      data: this.#data,
      // All come from one user of this host, and speak as fast as a hundred of them.
      options: ['--guests', '--rate-limit', 'off', ...durability],
      node: ['--import', join(import.meta.dirname, 'shifted-clock.ts')],
      env: { UCHAT_SHIFT: this.#shift },
    });
  }

  get #data(): string {
    return join(this.#folder, 'data');
  }

  get #shift(): string {
    return join(this.#folder, 'shift');
  }

  /** The server's wall clock is another one from its next start on, or at once. */
  #setClock(): void {
    writeFileSync(this.#shift, String(this.#chance.pick(SHIFTS_MS)));
    if (this.#server.isRunning && this.#chance.may(0.5)) this.#server.signal('SIGUSR2');
  }

  note: Traced['note'] = (what, by) => {
    this.#trace.push({ ...what, ...by });
  };
  saying = (): void => this.#onSaying();
  acked = (): void => this.#onAcked();
  online = (): void => undefined;

  async run(): Promise<Summary> {
    const began = performance.now();
    try {
      await this.#migrate();
      await this.#start();
      await this.#comeIn();
      const load = this.#load();
      while (this.#killed < this.#options.kills) await this.#oneDeath();
      this.#isOver = true;
      await load;
      await this.#settle();
      return await this.#judge(began);
    } finally {
      this.#isOver = true;
      for (const each of this.#everybody) each.close();
      await this.#server.kill();
    }
  }

  get #killed(): number {
    return Object.values(this.#kills).reduce((sum, count) => sum + count, 0);
  }

  get #everybody(): (WirePerson | CorePerson)[] {
    return [...this.#wire, ...this.#people];
  }

  #count(moment: Moment, wasRunning: boolean): void {
    if (!wasRunning)
      throw new Error(`the server ended by itself: ${this.#server.stderr}${this.#server.stdout.slice(-2000)}`);
    this.#kills[moment] += 1;
    this.#options.tell?.(`${this.#killed} of ${this.#options.kills}: ${moment}`);
  }

  async #start(): Promise<void> {
    const start = await this.#server.start();
    if (start.kind === 'listens') return;
    throw new Error(`the server did not start (${start.status ?? start.signal}): ${this.#server.stderr}`);
  }

  /** Old data, and starts that are killed while they bring it to the new version. */
  async #migrate(): Promise<void> {
    const version = 1 + this.#chance.below(VERSIONS - 1);
    this.#trace.push(...makeOldData(this.#data, version, OLD_MESSAGES));
    const times = Math.max(1, Math.floor(this.#options.kills / 12));
    for (let i = 0; i < times; i += 1) {
      this.#server.spawn();
      await pause(START_MS * (0.3 + 0.7 * this.#chance.next()));
      this.#count('migration', await this.#server.kill());
    }
  }

  async #comeIn(): Promise<void> {
    const { port } = this.#server;
    const guest = (name: string) => new WirePerson({ name, rooms: ROOMS }, port, this);
    this.#wire = [
      guest('w1'),
      guest('w2'),
      // One person of this host with an account, whose edits outlive a restart, and two devices that take mail.
      new WirePerson({ name: 'host', asUser: true, rooms: ROOMS }, port, this),
      ...DEVICES.map((device) => new WirePerson({ name: device, device, asUser: true, rooms: ROOMS }, port, this)),
    ];
    for (const name of ['p1', 'p2'])
      this.#people.push(await CorePerson.start(name, ROOMS, port, join(this.#folder, name), this));
    await this.#until('all are in', () => this.#everybody.every(({ isIn }) => isIn));
  }

  async #until(what: string, holds: () => boolean, within?: number): Promise<void> {
    const state = () =>
      this.#everybody
        .map(
          (each) =>
            `${each.name}: ${each.isIn ? 'in' : 'out'}, ${each.isSettled ? 'settled' : 'not settled'}, ${each.unanswered} unanswered${each instanceof CorePerson ? `, ${each.connection}` : ''}`,
        )
        .join('\n');
    await until(
      () => holds() || undefined,
      () => `${what}: not so\n${state()}`,
      within,
    );
  }

  /** Everybody writes on, whether the server lives or not. */
  async #load(): Promise<void> {
    while (!this.#isOver) {
      if (!this.#isResting) this.#oneRound();
      await pause(2 + this.#chance.below(12));
    }
  }

  #oneRound(): void {
    const chance = this.#chance;
    for (const writer of this.#wire.slice(0, 3)) {
      if (writer.unanswered >= MOST_UNANSWERED) continue;
      const room = chance.pick(ROOMS);
      writer.say(room, this.#text());
      if (chance.may(0.25)) this.#wireChange(writer, room);
      if (chance.may(0.15)) writer.mail(userInfo().username, chance.pick(DEVICES), `letter-${++this.#texts}`);
    }
    for (const person of this.#people) {
      if (person.unanswered >= MOST_UNANSWERED || chance.may(0.5)) continue;
      const room = chance.pick(ROOMS);
      if (chance.may(0.8)) person.say(room, this.#text());
      else if (chance.may(0.5)) person.change(room, `/react ${chance.pick(EMOJI)}`);
      else if (chance.may(0.7)) person.change(room, `/correct corrected ${++this.#texts}`);
      else for (let i = 0; i < 2; i += 1) person.change(room, '/delete');
    }
  }

  /** Sometimes long, so that the log of the database grows and is written back. */
  #text(): string {
    this.#texts += 1;
    const word = `message ${this.#texts}`;
    return this.#chance.may(0.04) ? `${word} ${'lang '.repeat(200 + this.#chance.below(1000))}end` : word;
  }

  #wireChange(writer: WirePerson, room: string): void {
    const chance = this.#chance;
    const [own, newest] = [writer.ownNewest(room), writer.newest(room)];
    if (chance.may(0.5) && own !== undefined)
      writer.wish(
        room,
        own.seq,
        chance.may(0.7) ? { kind: 'edit', text: `edited ${++this.#texts}` } : { kind: 'delete' },
      );
    else if (newest !== undefined)
      writer.wish(room, newest.seq, { kind: 'react', emoji: chance.pick(EMOJI), on: chance.may(0.7) });
  }

  async #oneDeath(): Promise<void> {
    const moment = this.#chance.pick([
      'any',
      'after a send',
      'after an answer',
      'index',
      'checkpoint',
      'start',
    ] as const);
    if (moment === 'start') {
      // It dies, and then once more before it listens: while it opens the database that the first death has left.
      await pause(this.#chance.below(LIVES_MS));
      this.#count('any', await this.#server.kill());
      if (this.#killed < this.#options.kills) {
        this.#server.spawn();
        await pause(START_MS * (0.2 + 0.8 * this.#chance.next()));
        this.#count('start', await this.#server.kill());
      }
    } else this.#count(moment, await this.#killAt(moment));
    await pause(this.#chance.below(60));
    if (this.#chance.may(0.3)) this.#setClock();
    await this.#start();
    if (this.#chance.may(0.3)) this.#setClock();
    // Some press Enter, others wait for their clients to come back by themselves.
    for (const each of this.#everybody) if (this.#chance.may(0.7)) each.comeBack();
    // Not always all of them are back when it dies again.
    if (this.#chance.may(0.6)) await this.#until('somebody is back', () => this.#everybody.some(({ isIn }) => isIn));
  }

  async #killAt(moment: Exclude<Moment, 'start' | 'migration'>): Promise<boolean> {
    await pause(this.#chance.below(LIVES_MS));
    switch (moment) {
      case 'any':
        break;
      case 'after a send':
        await this.#after((then) => {
          this.#onSaying = then;
        });
        this.#onSaying = () => undefined;
        break;
      case 'after an answer':
        await this.#after((then) => {
          this.#onAcked = then;
        });
        this.#onAcked = () => undefined;
        break;
      case 'index':
        // The store fills the index when nobody has asked for anything for a while.
        this.#isResting = true;
        await pause(REST_MS + this.#chance.below(80));
        this.#isResting = false;
        break;
      case 'checkpoint':
        await this.#checkpoint();
        break;
    }
    return await this.#server.kill();
  }

  /** Up to 3 ms after something has happened, or after a while. */
  async #after(listen: (then: () => void) => void): Promise<void> {
    const happened = Promise.withResolvers<void>();
    listen(happened.resolve);
    await Promise.race([happened.promise, pause(LIVES_MS)]);
    const until = performance.now() + 3 * this.#chance.next();
    while (performance.now() < until);
  }

  /** While the log is written into the database: after a deletion the store does so at its next rest. */
  async #checkpoint(): Promise<void> {
    const [writer] = this.#wire;
    const own = writer?.ownNewest('#lobby');
    if (writer !== undefined && own !== undefined) writer.wish('#lobby', own.seq, { kind: 'delete' });
    const seen = Promise.withResolvers<void>();
    const watcher = watch(join(this.#data, 'uchat.db'), () => seen.resolve());
    this.#isResting = this.#chance.may(0.7);
    await Promise.race([seen.promise, pause(4 * REST_MS)]);
    watcher.close();
    this.#isResting = false;
  }

  /** All are back, and have all that there is. */
  async #settle(): Promise<void> {
    for (const each of this.#everybody) each.comeBack();
    await this.#until(
      'all have all',
      () => {
        for (const each of this.#everybody) each.comeBack();
        return this.#everybody.every(({ isSettled }) => isSettled) && this.#isLevel();
      },
      SETTLE_WITHIN_MS,
    );
  }

  /** Those who hold all of a room hold as much of it. */
  #isLevel(): boolean {
    return ROOMS.every((room) => new Set(this.#wire.map((each) => each.count(room))).size === 1);
  }

  async #judge(began: number): Promise<Summary> {
    // One who was never there, and knows it all from history.
    const late = new WirePerson({ name: 'late', rooms: ROOMS }, this.#server.port, this);
    this.#wire.push(late);
    await this.#until('one who comes late has all', () => late.isSettled && this.#isLevel(), SETTLE_WITHIN_MS);
    const screens = this.#everybody.flatMap((each) => each.screens());
    for (const each of this.#everybody) each.close();
    await this.#server.kill('SIGTERM');
    const stored = readStored(this.#data);
    const violations = check(this.#trace, stored, screens);
    const count = (kind: Observation['kind']): number => this.#trace.filter((one) => one.kind === kind).length;
    const rooms = [...stored.rooms.values()];
    return {
      seed: this.#options.seed,
      durability: this.#options.durability,
      kills: this.#kills,
      messages: rooms.reduce((sum, { last }) => sum + last, 0),
      acknowledged: count('acked'),
      changes: rooms.reduce((sum, { rev }) => sum + rev, 0),
      mail: count('mailed'),
      observations: this.#trace.length,
      seconds: (performance.now() - began) / 1000,
      violations,
    };
  }
}

/** Its own folder, which goes with it. */
export async function runRig(options: RigOptions): Promise<Summary> {
  const folder = await mkdtemp(join(tmpdir(), 'uchat-crash-'));
  try {
    return await new Rig(options, folder).run();
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  }
}

/** One line for a log. */
export function summaryLine(summary: Summary): string {
  const { kills, seed, durability, messages, acknowledged, changes, mail, observations, seconds, violations } = summary;
  const total = Object.values(kills).reduce((sum, count) => sum + count, 0);
  const each = Object.entries(kills)
    .map(([moment, count]) => `${moment} ${count}`)
    .join(', ');
  const verdict = violations.length === 0 ? 'no violation' : `${violations.length} kinds of violation`;
  return `${total} kills (${each}), durability ${durability}: ${messages} messages, ${acknowledged} acknowledgements, ${changes} changes, ${mail} letters, ${observations} observations, ${Math.round(seconds)} s, seed ${seed}: ${verdict}`;
}
