/** The commands of an operator at the server's own terminal: they go the same way as those of an operator's client. */
import type { Clock } from '../../base/clock.ts';
import { sanitizeLine } from '../../base/text/sanitize.ts';
import type { Link } from '../../link/link.ts';
import { decodeServerMessage, encode } from '../../protocol/codec.ts';
import { PROTOCOL_VERSION } from '../../protocol/limits.ts';
import type { ServerMessage } from '../../protocol/server-messages.ts';
import type { AuditEntry } from '../store/store.ts';
import { answerLines, helpLines, readCommand, WORDS } from './command-table.ts';

/** Milliseconds that a command waits for its answer: a disk that is busy is waited for, a fault is not. */
const ANSWER_WITHIN_MS = 10_000;
/** Commands that wait for their answers: a paste of a page. */
const MAX_WAITING = 100;

/** What somebody types at the server's console. */
export interface Commands {
  /**
   * Carries a line out, such as `/kick bob`. Never rejects.
   * @returns lines for people, in order, safe to show on a terminal; none for an empty line.
   */
  run(line: string): Promise<readonly string[]>;
  /** All commands, with their slash: for completion. */
  readonly words: readonly string[];
}

export interface CommandParts {
  /** Opens the console's own session. @returns the client's end of it. */
  readonly connect: () => Link;
  /** The newest entries of the audit log, the newest last. */
  readonly audit: (limit: number) => Promise<readonly AuditEntry[]>;
  /** The server is to stop, in good order. */
  readonly stop: () => void;
  /** The settings are to be read again; the log tells what comes of it. */
  readonly reload: () => void;
  readonly clock: Clock;
}

interface Waiting {
  readonly lines: string[];
  readonly resolve: (lines: readonly string[]) => void;
  readonly timer: NodeJS.Timeout;
}

/** The session is opened with the first command, and again with the next one after it has ended. */
export function createCommands(parts: CommandParts): Commands {
  return new SessionCommands(parts);
}

class SessionCommands implements Commands {
  readonly words = WORDS;
  readonly #parts: CommandParts;
  #link: Link | undefined;
  readonly #waiting = new Map<string, Waiting>();
  #asked = 0;

  constructor(parts: CommandParts) {
    this.#parts = parts;
  }

  async run(line: string): Promise<readonly string[]> {
    if (line.trim() === '') return [];
    const lines = await this.#carryOut(line);
    return lines.map((text) => sanitizeLine(text));
  }

  async #carryOut(line: string): Promise<readonly string[]> {
    this.#asked += 1;
    const id = `c${this.#asked}`;
    const wanted = readCommand(line, id);
    if (!wanted.ok) return [`! ${wanted.error}`];
    if ('ask' in wanted.value) return await this.#ask(id, encode(wanted.value.ask));
    if ('audit' in wanted.value) return await this.#audit(wanted.value.audit);
    switch (wanted.value.own) {
      case 'help':
        return helpLines();
      case 'reload':
        this.#parts.reload();
        return [];
      case 'stop':
        this.#parts.stop();
        return [];
    }
  }

  async #audit(limit: number): Promise<readonly string[]> {
    try {
      const entries = await this.#parts.audit(limit);
      if (entries.length === 0) return ['no operator has done anything yet'];
      return entries.map(({ time, by, action, target, detail }) => {
        const when = new Date(time).toISOString().slice(0, 16).replace('T', ' ');
        return [when, by, action, target, detail].filter(Boolean).join(' ');
      });
    } catch (error) {
      return [`! the audit log can't be read: ${error instanceof Error ? error.message : String(error)}`];
    }
  }

  #ask(id: string, frame: string): Promise<readonly string[]> {
    if (this.#waiting.size >= MAX_WAITING) return Promise.resolve(['! too many commands wait for their answers']);
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#settle(id, '! no answer'), ANSWER_WITHIN_MS);
      this.#waiting.set(id, { lines: [], resolve, timer });
      this.#link ??= this.#connect();
      this.#link.write(frame);
    });
  }

  #connect(): Link {
    const link = this.#parts.connect();
    link.listen({
      frame: (line) => this.#frame(line),
      fault: () => undefined,
      drained: () => undefined,
      closed: () => {
        if (this.#link === link) this.#link = undefined;
        for (const id of this.#waiting.keys()) this.#settle(id, '! the server does not take commands any more');
      },
    });
    const hello = { type: 'hello', version: PROTOCOL_VERSION, auth: { method: 'host' }, visible: false } as const;
    link.write(encode(hello));
    return link;
  }

  #frame(line: string): void {
    const decoded = decodeServerMessage(line);
    if (decoded.ok) this.#answer(decoded.value);
  }

  #answer(frame: ServerMessage): void {
    const { lines, more } = answerLines(frame, this.#parts.clock.now());
    if (frame.type === 'error' && frame.closes) {
      for (const id of this.#waiting.keys()) this.#settle(id, ...lines);
      return;
    }
    const id = 'id' in frame ? frame.id : undefined;
    const waiting = id === undefined ? undefined : this.#waiting.get(id);
    if (id === undefined || waiting === undefined) return;
    waiting.lines.push(...lines);
    if (!more) this.#settle(id, ...(waiting.lines.length === 0 ? ['none'] : []));
  }

  #settle(id: string, ...last: readonly string[]): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    this.#waiting.delete(id);
    clearTimeout(waiting.timer);
    waiting.resolve([...waiting.lines, ...last]);
  }
}
