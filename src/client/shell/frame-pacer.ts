/** When a frame is drawn: at once for what somebody does with their hands, and else no more often than can be seen. */
import { clock } from './clock.ts';

/** Milliseconds between two frames: more are not seen. */
const FRAME_MS = 16;
/** The same between two frames that keys cause: who types sees it at once, and a key that is held down costs no more. */
const KEY_FRAME_MS = 4;

export class FramePacer {
  readonly #draw: (mono: number) => number;
  #timer: NodeJS.Timeout | undefined;
  /** Monotonic milliseconds of the last frame, of the last that a key has caused, and of the one that `#timer` will draw. */
  #drawnAt = Number.NEGATIVE_INFINITY;
  #keyDrawnAt = Number.NEGATIVE_INFINITY;
  #nextAt = Number.POSITIVE_INFINITY;
  /** What the next frame shows was done by hand. */
  #isKeyWaiting = false;

  /** @param draw draws a frame, and says when the next one is due (ms) where nothing happens until then. */
  constructor(draw: (mono: number) => number) {
    this.#draw = draw;
  }

  /** Something was done by hand. */
  key(): void {
    this.#isKeyWaiting = true;
    const at = this.#keyDrawnAt + KEY_FRAME_MS;
    if (at > clock.monotonic()) this.#drawAt(at);
    else this.now();
  }

  /** Something has happened, and more may be about to. */
  soon(): void {
    this.#drawAt(Math.max(clock.monotonic(), this.#drawnAt + FRAME_MS));
  }

  now(): void {
    const mono = clock.monotonic();
    clearTimeout(this.#timer);
    this.#drawnAt = mono;
    if (this.#isKeyWaiting) this.#keyDrawnAt = mono;
    this.#isKeyWaiting = false;
    this.#nextAt = Number.POSITIVE_INFINITY;
    const rest = this.#draw(mono);
    this.#drawAt(mono + rest);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#nextAt = Number.NEGATIVE_INFINITY;
  }

  #drawAt(at: number): void {
    if (this.#nextAt <= at) return;
    clearTimeout(this.#timer);
    this.#nextAt = at;
    this.#timer = setTimeout(() => this.now(), Math.max(0, at - clock.monotonic()));
  }
}
