import type { Link } from '../../../src/link/link.ts';

/** A link whose other end reads when a test says so. */
export class Reader implements Link {
  readonly remote = { host: 'test', port: 1 };
  readonly local = { host: 'test', port: 2 };
  readonly writes: Uint8Array[] = [];
  /** Bytes that its kernel takes from now on. */
  room = Number.POSITIVE_INFINITY;
  buffered = 0;
  ended = false;
  awaits = false;
  #taken = 0;

  listen(): void {}
  write(bytes: Uint8Array | string): boolean {
    const buffer = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
    this.writes.push(buffer);
    this.buffered += buffer.length;
    this.#pump();
    return this.buffered === 0;
  }
  awaitDrained(): void {
    this.awaits = true;
  }

  set stalled(stalled: boolean) {
    this.room = stalled ? 0 : Number.POSITIVE_INFINITY;
  }
  /** Its kernel has room for so many bytes more. @returns whether `drained` is to be told. */
  takes(bytes: number): boolean {
    this.room += bytes;
    this.#pump();
    if (this.buffered > 0 || !this.awaits) return false;
    this.awaits = false;
    return true;
  }
  #pump(): void {
    const taken = Math.min(this.room, this.buffered);
    this.room -= taken;
    this.buffered -= taken;
    this.#taken += taken;
  }

  /** All that was written. */
  get text(): string {
    return Buffer.concat(this.writes).toString();
  }
  /** What its kernel has taken. */
  get got(): string {
    return Buffer.concat(this.writes).subarray(0, this.#taken).toString();
  }
  pause(): void {}
  resume(): void {}
  end(): void {
    this.ended = true;
  }
  destroy(): void {}
  reset(): void {}
}
