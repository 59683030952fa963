/**
 * `uchat tail [TARGET]`: the messages of a room as they come, each once, whatever happens to the connection; without those
 * of people whom one ignores. A script doesn't make its user online, so no private message comes to it: they wait for a
 * client that shows them.
 */
import { NO_SEQ, type RoomName, type Seq } from '../../base/ids.ts';
import { addressText } from '../../link/address.ts';
import { MAX_HISTORY_PAGE } from '../../protocol/limits.ts';
import type { HistoryEntry, ServerMessage } from '../../protocol/server-messages.ts';
import { waitFor } from '../core/returning.ts';
import type { ClientArguments, ClientSettings } from '../shell/client-settings.ts';
import { clock } from '../shell/clock.ts';
import { newId } from '../shell/new-id.ts';
import { type Failure, NO_CONNECTION, noConnection, type Outcome, refused, wrongUsage } from '../shell/outcome.ts';
import { refusalLine } from '../shell/refusal.ts';
import { Settings } from '../shell/settings.ts';
import type { Following, PageWish } from './following.ts';
import { DayLines, messageLine } from './lines.ts';
import { pause } from './pause.ts';
import { print, quietWhenUnread } from './print.ts';
import { enterRoom, seqAt, targetRoom } from './room.ts';
import { SparseFollower } from './sparse-follower.ts';
import { openTalk, REPEAT_EVERY_MS, type Session, type Talk } from './talk.ts';

/**
 * What has been printed, and what is to be asked for. Places have no gaps, so a message that is not the next one shows
 * that some were missed; then history is asked for, and nothing needs to be kept meanwhile.
 */
export class Follower implements Following {
  #last: Seq;
  #known: Seq;
  #asking = false;
  /** The time of the newest message that was put, or when following began (Unix ms). */
  #time: number;
  /** Of a room whose data were replaced: up to which place, and up to when, what it has may have been put already. */
  #replaced = { newest: NO_SEQ, time: 0 };
  /** Its newest page is looked at: whether there is more behind it that is new isn't known yet. */
  #looking = false;
  readonly #put: (entry: HistoryEntry) => void;
  readonly #gone: (count: number) => void;

  /**
   * @param last the place up to which nothing is wanted.
   * @param gone told how many messages would be put next, were they still kept.
   * @param now Unix ms.
   */
  constructor(
    last: Seq,
    put: (entry: HistoryEntry) => void,
    gone: (count: number) => void = () => undefined,
    now = -1,
  ) {
    this.#gone = gone;
    this.#time = now;
    this.#last = last;
    this.#known = last;
    this.#put = put;
  }

  /** After which place to ask for history now; undefined: nothing is missing, or it is under way. */
  ask(): Seq | undefined {
    if (this.#asking || this.#known <= this.#last) return undefined;
    this.#asking = true;
    return this.#last;
  }

  wish(): PageWish | undefined {
    const since = this.ask();
    return since === undefined ? undefined : { since };
  }

  /** @returns whether the server's data were replaced, by older ones or by none. */
  begin(newest: Seq): boolean {
    this.#asking = false;
    this.#known = newest;
    if (newest >= this.#last) return false;
    // A restored room may be long, and holds what was put long ago. What is new in it is at its end.
    this.#replaced = { newest, time: this.#time };
    this.#last = seqAt(newest - MAX_HISTORY_PAGE);
    this.#looking = true;
    return true;
  }

  live(entry: HistoryEntry): void {
    if (entry.seq > this.#known) this.#known = entry.seq;
    if (entry.seq === this.#last + 1) this.#take(entry);
  }

  /** A page that was asked for has come. @param first where the room begins. */
  page(entries: readonly HistoryEntry[], first = 1): void {
    this.#asking = false;
    const looking = this.#looking;
    this.#looking = false;
    if (looking && this.#last > NO_SEQ && entries[0] !== undefined && !this.#wasPut(entries[0])) {
      this.#last = NO_SEQ;
      return;
    }
    const missing = Math.min(first, this.#known + 1) - 1 - this.#last;
    if (missing > 0) {
      this.#gone(missing);
      this.#last = seqAt(this.#last + missing);
    }
    for (const entry of entries) if (entry.seq > this.#last) this.#take(entry);
    // The server has nothing after this place, whatever was said before: asking again would not end.
    if (entries.length === 0) this.#known = this.#last;
  }

  refused(): void {
    this.#asking = false;
  }

  #wasPut({ seq, time }: HistoryEntry): boolean {
    return seq <= this.#replaced.newest && time <= this.#replaced.time;
  }

  #take(entry: HistoryEntry): void {
    this.#last = entry.seq;
    if (this.#wasPut(entry)) return;
    this.#time = Math.max(this.#time, entry.time);
    this.#put(entry);
  }
}

function noLongerKept(count: number): void {
  const what = count === 1 ? 'one older message is' : `${count} older messages are`;
  process.stderr.write(`uchat: ${what} no longer kept\n`);
}

/** Follows until the connection ends. */
async function follow({ talk, welcome }: Session, room: RoomName, follower: Following): Promise<Failure> {
  let asked: string | undefined;
  for (;;) {
    const wish = follower.wish();
    if (wish !== undefined) {
      const id = newId();
      asked = id;
      talk.send({ type: 'history', id, room, limit: MAX_HISTORY_PAGE, ...wish });
    }
    const next = await talk.next(Number.POSITIVE_INFINITY);
    if (!next.ok) return next.error;
    const message = next.value;
    if (message.type === 'message') follower.live(message);
    else if (message.type === 'history' && message.id === asked)
      follower.page(message.messages, message.first, message.more);
    else if (message.type === 'left' && message.user === welcome.user)
      return refused(`you have left ${room}, so nothing more comes from it`);
    else if (message.type === 'error' && message.id === asked) {
      // Whatever else is wrong, the next connection may mend it.
      if (message.code !== 'rate_limited') {
        talk.end();
        return noConnection(refusalLine(message));
      }
      await pause(REPEAT_EVERY_MS);
      follower.refused();
    }
  }
}

const wantedIn =
  (room: RoomName) =>
  (message: ServerMessage): boolean => {
    if (message.type === 'message') return message.to === room;
    if (message.type === 'room') return message.room.name === room;
    return (message.type === 'left' || message.type === 'history') && message.room === room;
  };

interface Plan {
  readonly room: RoomName;
  /** Messages of before to begin with. */
  readonly limit: number;
  readonly put: (entry: HistoryEntry) => void;
}

/** One connection, from its beginning to its end; `started` is called when it stands. */
async function connection(
  settings: ClientSettings,
  { room, limit, put }: Plan,
  before: Following | undefined,
  started: (follower: Following, talk: Talk, replaced: boolean) => void,
): Promise<Failure> {
  const session = await openTalk(settings, wantedIn(room));
  if (!session.ok) return session.error;
  const entered = await enterRoom(session.value, room);
  if (!entered.ok) {
    session.value.talk.end();
    return entered.error;
  }
  const newest = entered.value.last;
  const { time, sparse } = session.value.welcome;
  const follower =
    before ??
    (sparse?.includes(room) === true
      ? new SparseFollower(newest, limit, put)
      : new Follower(seqAt(newest - limit), put, noLongerKept, time));
  started(follower, session.value.talk, follower.begin(newest));
  return await follow(session.value, room, follower);
}

export async function tail(settings: ClientSettings, argv: ClientArguments): Promise<Outcome> {
  const own = new Settings({ limit: { kind: 'count', says: '' } }, argv);
  const limit = own.count('limit') ?? 0;
  const fault = own.faults[0];
  if (fault !== undefined) return wrongUsage(fault.line);
  const room = targetRoom(settings, argv.TARGET);
  if (!room.ok) return room.error;
  quietWhenUnread();
  const json = argv.json === true;
  const days = new DayLines(clock.now());
  let talk: Talk | undefined;
  const put = (entry: HistoryEntry): void => {
    if (talk?.ignores(entry.from) === true) return;
    print((json ? '' : days.before(entry.time)) + messageLine(room.value, entry, json));
  };
  const plan = { room: room.value, limit, put };

  const address = addressText(settings.address);
  let follower: Following | undefined;
  let stopped: number | undefined;
  for (let failures = 1; ; failures += 1) {
    const failure = await connection(settings, plan, follower, (started, on, replaced) => {
      talk = on;
      const what = replaced ? 'the server has lost messages that were here' : 'nothing was missed';
      if (follower !== undefined) process.stderr.write(`uchat: connected again; ${what}\n`);
      follower = started;
      failures = 1;
      stopped = undefined;
    });
    // At the start, or where the server won't have us, it is for the caller to decide.
    if (follower === undefined || failure.status !== NO_CONNECTION) return failure;
    if (failures === 1) process.stderr.write(`uchat: ${failure.line.replace(/; try again$/, '')}; trying again\n`);
    if (talk?.isRestarting === true) stopped ??= clock.monotonic();
    const saidSo = stopped === undefined ? undefined : clock.monotonic() - stopped;
    await pause(waitFor({ address, saidSo, failures }, Math.random));
  }
}
