/** Lines of a stream, as they come; whoever hears them can have them wait, or leave the stream to somebody else. */

interface Heard {
  line(text: string): void;
  /** A line of more than `MAX_LINE`: nothing of it was kept. */
  tooLong(): void;
  /** After the last line, once. */
  ended(): void;
}

/** UTF-16 units of a line: as much as the line of the full screen holds. */
export const MAX_LINE = 65_536;

export class LineReader {
  readonly #input: NodeJS.ReadableStream;
  readonly #heard: Heard;
  readonly #decoder = new TextDecoder();
  /** Read and not heard yet, what one read gives at most; undefined: one that was too long. */
  #lines: (string | undefined)[] = [];
  /** How many of them were heard. */
  #at = 0;
  #rest = '';
  #isTooLong = false;
  #isListening = false;
  #isOpen = false;
  #isGiving = false;
  /** The stream has no more; that it has ended was said. */
  #isAtEnd = false;
  #hasEnded = false;

  readonly #onData = (chunk: Buffer | string): void => {
    this.#take(typeof chunk === 'string' ? chunk : this.#decoder.decode(chunk, { stream: true }));
    this.#give();
  };

  readonly #onEnd = (): void => {
    if (this.#isAtEnd) return;
    this.#isAtEnd = true;
    this.#take(this.#decoder.decode());
    if (this.#rest !== '' || this.#isTooLong) this.#take('\n');
    this.#give();
  };

  constructor(input: NodeJS.ReadableStream, heard: Heard) {
    this.#input = input;
    this.#heard = heard;
  }

  /** From now on lines are heard, those first that have waited. */
  open(): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    if (!this.#isListening) {
      this.#isListening = true;
      this.#input.on('data', this.#onData).on('end', this.#onEnd).on('close', this.#onEnd).on('error', this.#onEnd);
    }
    this.#give();
    if (this.#isOpen) this.#input.resume();
  }

  /** What comes waits, also in the middle of what was read. */
  hold(): void {
    this.#isOpen = false;
    this.#input.pause();
  }

  /** Somebody else reads what follows, and what has waited. */
  leave(): void {
    // Whoever has it already must not be stopped.
    if (!this.#isListening) return;
    this.hold();
    if (this.#isAtEnd) return;
    this.#unlisten();
    const ahead = [...this.#lines.slice(this.#at).map((line) => line ?? ''), this.#rest].join('\n');
    this.#forget();
    if (ahead !== '') this.#input.unshift(Buffer.from(ahead));
  }

  /** Nothing more is heard. */
  drop(): void {
    this.hold();
    this.#unlisten();
    this.#forget();
    this.#isAtEnd = true;
    this.#hasEnded = true;
  }

  #unlisten(): void {
    this.#isListening = false;
    this.#input.off('data', this.#onData).off('end', this.#onEnd).off('close', this.#onEnd).off('error', this.#onEnd);
  }

  #forget(): void {
    this.#lines = [];
    this.#at = 0;
    this.#rest = '';
    this.#isTooLong = false;
  }

  #take(text: string): void {
    for (const [index, piece] of text.split('\n').entries()) {
      if (index > 0) {
        this.#lines.push(this.#isTooLong ? undefined : this.#rest.replace(/\r$/, ''));
        this.#rest = '';
        this.#isTooLong = false;
      }
      this.#isTooLong ||= this.#rest.length + piece.length > MAX_LINE;
      this.#rest = this.#isTooLong ? '' : this.#rest + piece;
    }
  }

  #give(): void {
    // A line that is heard may open or hold.
    if (this.#isGiving) return;
    this.#isGiving = true;
    try {
      while (this.#isOpen && this.#at < this.#lines.length) {
        const line = this.#lines[this.#at++];
        if (line === undefined) this.#heard.tooLong();
        else this.#heard.line(line);
      }
    } finally {
      this.#isGiving = false;
    }
    if (this.#at < this.#lines.length) return;
    this.#lines = [];
    this.#at = 0;
    if (!this.#isAtEnd || this.#hasEnded || !this.#isOpen) return;
    this.#hasEnded = true;
    this.#heard.ended();
  }
}
