/**
 * The way onto the local network. One program of a data folder is there for all of them: whoever gets the lock. The others
 * join it; and when it ends they dial again, as they would a server, and one of them gets the lock.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { err, ok, type Result } from '../../../base/result.ts';
import type { OpenHub } from '../../../lan/hub/hub.ts';
import { clock } from '../clock.ts';
import type { DialFailure, Dialled } from '../dialled.ts';
import { beforeEnd } from '../parting.ts';
import { connectLocal } from './local-socket.ts';
import { type HubSettings, type OwnHub, openOwnHub } from './own-hub.ts';
import { lanFiles } from './place.ts';

/** Milliseconds in which a program that has the lock must take us: it is starting, or leaving. */
const JOIN_WITHIN_MS = 4000;
/** Milliseconds between two looks at that. */
const LOOK_EVERY_MS = 50;

const failed = (text: string): Result<never, DialFailure> => err({ kind: 'failed', text });

/** One data folder, as this program has it. */
class Lan {
  readonly #openHub: () => Promise<OpenHub>;
  readonly #joinWithin: number;
  #own: OwnHub | undefined;
  /** The program ends: whoever dials because its link has ended gets no other. */
  #isOver = false;
  /** Nothing else may happen meanwhile: it opens, or leaves. */
  #busy: Promise<unknown> = Promise.resolve();
  #forget: () => void = () => undefined;

  constructor(openHub: () => Promise<OpenHub>, joinWithin: number) {
    this.#openHub = openHub;
    this.#joinWithin = joinWithin;
  }

  /** One after the other. */
  async #alone<T>(work: () => Promise<T>): Promise<T> {
    const before = this.#busy;
    const mine = before.then(work);
    // Whoever waits for this learns what came of it; the next only that it is over.
    this.#busy = mine.then(
      () => undefined,
      () => undefined,
    );
    return await mine;
  }

  async dial(settings: HubSettings, signal?: AbortSignal): Promise<Result<Dialled, DialFailure>> {
    const until = clock.monotonic() + this.#joinWithin;
    for (;;) {
      if (signal?.aborted === true || this.#isOver) return err({ kind: 'aborted', text: 'given up' });
      const opened = await this.#alone(() => this.#open(settings));
      if (opened !== undefined) return opened;
      const joined = await connectLocal(lanFiles(settings.folder).socket);
      if (joined.ok) return ok({ link: joined.value, notices: [], warnings: [] });
      if (clock.monotonic() >= until)
        return failed(
          `another uchat of yours has the local network and does not answer (${joined.error}): it is stopped, or on another host; end it, or use another folder with --data`,
        );
      await delay(LOOK_EVERY_MS);
    }
  }

  /** @returns undefined where another program has it. */
  async #open(settings: HubSettings): Promise<Result<Dialled, DialFailure> | undefined> {
    if (this.#isOver) return err({ kind: 'aborted', text: 'given up' });
    if (this.#own !== undefined) return ok({ link: this.#own.link(), notices: [], warnings: [] });
    const opened = await openOwnHub(settings, await this.#openHub());
    switch (opened.kind) {
      case 'busy':
        return undefined;
      case 'failed':
        return failed(opened.text);
      case 'open': {
        const { own } = opened;
        this.#own = own;
        this.#forget = beforeEnd(async () => {
          this.#isOver = true;
          own.hush();
          await this.leave();
        });
        return ok({ link: own.link(), notices: [], warnings: own.warnings });
      }
    }
  }

  async leave(): Promise<void> {
    await this.#alone(async () => {
      const own = this.#own;
      this.#own = undefined;
      await own?.leave();
      this.#forget();
    });
  }
}

/** By data folder: a program has one, tests have several. */
export class Lans {
  readonly #openHub: () => Promise<OpenHub>;
  readonly #joinWithin: number;
  readonly #all = new Map<string, Lan>();

  /** @param openHub loads it, where this program is to be the one. @param joinWithin ms. */
  constructor(openHub: () => Promise<OpenHub>, joinWithin: number = JOIN_WITHIN_MS) {
    this.#openHub = openHub;
    this.#joinWithin = joinWithin;
  }

  #of(folder: string): Lan {
    const path = lanFiles(folder).folder;
    const known = this.#all.get(path);
    if (known !== undefined) return known;
    const lan = new Lan(this.#openHub, this.#joinWithin);
    this.#all.set(path, lan);
    return lan;
  }

  async dial(settings: HubSettings, signal?: AbortSignal): Promise<Result<Dialled, DialFailure>> {
    return await this.#of(settings.folder).dial(settings, signal);
  }

  async leave(folder: string): Promise<void> {
    await this.#of(folder).leave();
  }
}

const lans = new Lans(async () => (await import('../../../lan/hub/open-hub.ts')).openHub);

/**
 * Joins this user's program on the network, or becomes it. That stays until the program ends, or `leaveLan`, however often
 * links to it are made and ended. Never rejects.
 */
export const dialLan = async (settings: HubSettings, signal?: AbortSignal): Promise<Result<Dialled, DialFailure>> =>
  await lans.dial(settings, signal);

/** `/lan off`: if it is this program that is on the network, it leaves; others of ours take over. Never rejects. */
export const leaveLan = async ({ folder }: Pick<HubSettings, 'folder'>): Promise<void> => await lans.leave(folder);
