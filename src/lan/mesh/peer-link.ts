/**
 * One connection to another program, from its first line to its end.
 *
 * The listener says `hello` first, and the dialler only when that was whom it has dialled; so a link that was meant for
 * somebody else never begins. The listener then says `ping`, and the dialler answers. So each side takes the link as
 * standing when it has heard a word of the other's after its own `hello`: whatever is said from then on isn't lost because
 * the other has chosen another connection meanwhile.
 *
 * stages: hello ─their hello─▶ (`hello` of the events decides) ─our answer─▶ answer ─any word─▶ standing ─▶ over
 */
import type { DeviceId } from '../../base/ids.ts';
import type { Link, LinkEvents } from '../../link/link.ts';
import type { FrameFault } from '../../protocol/frame-decoder.ts';
import type { Announcement } from '../announcement.ts';
import { LINK_FRAME_BYTES, LINK_FRAMES, MAX_BAD_LINES, MAX_LINK_BACKLOG } from '../limits.ts';
import type { LanFrame, LanFrames } from './frames.ts';
import { lineOf, readLine } from './lines.ts';
import type { MeshFrame } from './mesh.ts';
import { looks, type Timings } from './timings.ts';

export type Ending =
  | 'bye'
  /** The other side, or the network between, has ended it. */
  | 'closed'
  /** It hasn't said a word for too long. */
  | 'silent'
  /** It has said what is no frame. */
  | 'bad'
  /** It doesn't read. */
  | 'full'
  /** It isn't whom it must be. */
  | 'refused'
  /** We have no need of it. */
  | 'unwanted';

/** None is called after `over`. */
export interface PeerLinkEvents {
  /** Theirs has come: answered by `answer` or `end`, at once. */
  hello(link: PeerLink, hello: LanFrames['hello']): void;
  stands(link: PeerLink): void;
  /** Once for each line that makes sense, before `frame`. */
  alive(link: PeerLink): void;
  frame(link: PeerLink, frame: MeshFrame): void;
  /** Comes once, and last; also after `end`. */
  over(link: PeerLink, ending: Ending, stood: boolean): void;
  /** A line that is no frame. */
  bad(): void;
  /** For pings and pongs. */
  lobbyDigest(): string;
}

export interface PeerLinkParts {
  readonly link: Link;
  /** Of the key that TLS has proved. */
  readonly pin: string;
  /** Whom we have dialled; without it they have come to us. */
  readonly dialled: Announcement | undefined;
  readonly timings: Timings;
  readonly events: PeerLinkEvents;
}

type Stage = 'hello' | 'answer' | 'standing' | 'over';

export class PeerLink implements LinkEvents {
  readonly pin: string;
  readonly dialled: Announcement | undefined;
  /** Who it is; since their `hello` was found good. */
  announcement: Announcement | undefined;
  /** Looks since the stage began. */
  age = 0;
  readonly #link: Link;
  readonly #timings: Timings;
  readonly #events: PeerLinkEvents;
  #stage: Stage = 'hello';
  /** Looks since their last word. */
  #quiet = 0;
  /** Frames that may still come now; below 0 after a chunk with many. */
  #frames: number = LINK_FRAMES.burst;
  #isPaused = false;
  #badLines = 0;
  #isFull = false;

  constructor({ link, pin, dialled, timings, events }: PeerLinkParts) {
    this.#link = link;
    this.pin = pin;
    this.dialled = dialled;
    this.#timings = timings;
    this.#events = events;
  }

  get stage(): Stage {
    return this.#stage;
  }

  get device(): DeviceId | undefined {
    return this.announcement?.device;
  }

  get remote(): Link['remote'] {
    return this.#link.remote;
  }

  /** Bytes that wait for them. */
  get waiting(): number {
    return this.#link.buffered;
  }

  /** It has said a word of late, or hasn't been asked for one. */
  get isLively(): boolean {
    return this.#quiet <= looks(this.#timings.ping, this.#timings);
  }

  /** @param hello a line: ours, which the listener says first. */
  begin(hello: Uint8Array | undefined): void {
    this.#link.listen(this);
    if (hello !== undefined) this.#link.write(hello);
  }

  /** Their `hello` is good. @param hello a line: ours, where we have dialled; a listener has said it already. */
  answer(announcement: Announcement, hello: Uint8Array | undefined): void {
    this.announcement = announcement;
    this.#stage = 'answer';
    this.age = 0;
    if (hello === undefined) this.#say('ping');
    else this.#link.write(hello);
  }

  /** @returns false where it doesn't stand, or won't for much longer. */
  send(line: Uint8Array): boolean {
    if (this.#stage !== 'standing' || this.#isFull) return false;
    this.#link.write(line);
    if (this.#link.buffered > MAX_LINK_BACKLOG) {
      this.#isFull = true;
      // Whoever sends may be in the middle of something.
      queueMicrotask(() => this.end('full'));
    }
    return true;
  }

  /** Says `bye`, and then nothing more. @returns when that has gone to the kernel. */
  async leave(): Promise<void> {
    if (this.#stage !== 'standing') {
      this.end('unwanted');
      return;
    }
    this.#link.write(lineOf({ type: 'bye' }));
    this.#stage = 'over';
    await new Promise<void>((resolve) => {
      this.#left = resolve;
      this.#link.awaitDrained();
    });
  }

  #left: (() => void) | undefined;

  end(ending: Ending): void {
    if (this.#stage === 'over') return;
    const stood = this.#stage === 'standing';
    this.#stage = 'over';
    this.#link.destroy();
    this.#events.over(this, ending, stood);
  }

  /** After `leave`. */
  destroy(): void {
    this.#stage = 'over';
    this.#link.destroy();
  }

  /** Time goes by. */
  look(): void {
    this.age++;
    this.#refill();
    const { greet, ping, dead } = this.#timings;
    if (this.#stage !== 'standing') {
      if (this.age > looks(greet, this.#timings)) this.end('silent');
      return;
    }
    // While we don't read, it is we who are silent.
    if (this.#isPaused) return;
    this.#quiet++;
    if (this.#quiet >= looks(dead, this.#timings)) this.end('silent');
    else if (this.#quiet === looks(ping, this.#timings)) this.#say('ping');
  }

  #refill(): void {
    const { burst, perSecond } = LINK_FRAMES;
    this.#frames = Math.min(burst, this.#frames + (perSecond * this.#timings.look) / 1000);
    if (!this.#isPaused || this.#frames <= 0) return;
    this.#isPaused = false;
    this.#link.resume();
  }

  #say(type: 'ping' | 'pong'): void {
    const line = lineOf({ type, lobby: this.#events.lobbyDigest() });
    if (this.#stage === 'standing') this.send(line);
    else this.#link.write(line);
  }

  frame(line: string): void {
    if (this.#stage === 'over') return;
    this.#quiet = 0;
    this.#frames -= 1 + Math.floor(line.length / LINK_FRAME_BYTES);
    if (this.#frames < 0 && !this.#isPaused) {
      this.#isPaused = true;
      this.#link.pause();
    }
    const read = readLine(line);
    switch (read.kind) {
      case 'frame':
        this.#take(read.frame);
        return;
      case 'unknown':
        if (this.#stage === 'hello') this.#bad();
        return;
      case 'bad':
        this.#bad();
        return;
    }
  }

  #take(frame: LanFrame): void {
    switch (this.#stage) {
      case 'hello':
        if (frame.type === 'hello') this.#events.hello(this, frame);
        else this.#bad();
        return;
      case 'answer':
        if (frame.type === 'bye') this.end('bye');
        else if (frame.type === 'hello') this.#bad();
        else this.#stand(frame);
        return;
      case 'standing':
        this.#hear(frame);
        return;
      case 'over':
        return;
    }
  }

  #stand(frame: LanFrame): void {
    this.#stage = 'standing';
    this.age = 0;
    this.#events.stands(this);
    // Telling of it may have ended it.
    this.#take(frame);
  }

  #hear(frame: LanFrame): void {
    if (frame.type === 'hello') {
      this.#bad();
      return;
    }
    if (frame.type === 'bye') {
      this.end('bye');
      return;
    }
    this.#events.alive(this);
    if (frame.type === 'ping') this.#say('pong');
    this.#events.frame(this, frame);
  }

  /** Whoever hasn't said yet who they are gets no second chance. */
  #bad(): void {
    this.#events.bad();
    this.#badLines++;
    if (this.#badLines >= MAX_BAD_LINES || this.#stage !== 'standing') this.end('bad');
  }

  fault(fault: FrameFault): void {
    if (this.#stage === 'over') return;
    if (fault === 'bad_utf8') {
      this.#bad();
      return;
    }
    this.#events.bad();
    this.end('bad');
  }

  drained(): void {
    this.#left?.();
  }

  closed(): void {
    this.#left?.();
    this.end('closed');
  }
}
