/**
 * The link to one's own program on the local network, beside that to a server: dialled, greeted, watched, and dialled again
 * as often as it takes.
 */
import type { Clock, Random } from '../../../base/clock.ts';
import type { Result } from '../../../base/result.ts';
import type { Link } from '../../../link/link.ts';
import type { ClientMessage } from '../../../protocol/client-messages.ts';
import { decodeServerMessage, encode } from '../../../protocol/codec.ts';
import { DEAD_AFTER_MS, PING_EVERY_MS, PROTOCOL_VERSION } from '../../../protocol/limits.ts';
import type { ServerMessage, ServerMessages } from '../../../protocol/server-messages.ts';
import { STABLE_AFTER_MS } from '../../core/connection.ts';
import { waitFor } from '../../core/returning.ts';
import { inSlices } from '../in-slices.ts';

/** It is on this very host: how long to wait until it is tried again goes by that. */
const HERE = '127.0.0.1:0';
/** Milliseconds in which it must have greeted us. */
const WELCOME_WITHIN_MS = 10_000;

export interface HubLinkPorts {
  readonly dial: (signal: AbortSignal) => Promise<Result<{ readonly link: Link }, { readonly text: string }>>;
  readonly clock: Clock;
  readonly random: Random;
  readonly up: (welcome: ServerMessages['welcome']) => void;
  /** What it says while it is up, but what is for the link alone. */
  readonly heard: (message: ServerMessage) => void;
  /** It isn't there, or no more; it is tried again by itself. Also after each try. */
  readonly down: (text: string) => void;
}

/**
 * off ──start──► dialling ──► greeting ──► up
 *                   ▲  └────────┴──────────┴─► waiting ─┐
 *                   └──────────────────────────────────-┘
 */
type State =
  | { readonly kind: 'off' }
  | { readonly kind: 'dialling'; readonly attempt: AbortController }
  | { readonly kind: 'greeting' | 'up'; readonly link: Link; readonly since: number }
  | { readonly kind: 'waiting' };

export class HubLink {
  readonly #ports: HubLinkPorts;
  #state: State = { kind: 'off' };
  #failures = 0;
  #heardAt = 0;
  #pinged = 0;
  /** Of whatever comes next: the next try, the end of a try, the next ping. */
  #timer: NodeJS.Timeout | undefined;

  constructor(ports: HubLinkPorts) {
    this.#ports = ports;
  }

  get isUp(): boolean {
    return this.#state.kind === 'up';
  }

  start(): void {
    if (this.#state.kind === 'off') this.#dial();
  }

  /** @returns false where there is no link. */
  send(message: ClientMessage): boolean {
    if (this.#state.kind !== 'up') return false;
    this.#state.link.write(encode(message));
    return true;
  }

  /** In good order; nothing is told any more. */
  end(): void {
    const state = this.#state;
    this.#stop();
    if (state.kind !== 'up') return;
    state.link.write(encode({ type: 'bye' }));
    state.link.end();
  }

  /** At once. Safe to call twice. */
  close(): void {
    const state = this.#state;
    this.#stop();
    if (state.kind === 'up') state.link.destroy();
  }

  #stop(): void {
    const state = this.#state;
    this.#state = { kind: 'off' };
    clearTimeout(this.#timer);
    if (state.kind === 'dialling') state.attempt.abort();
    if (state.kind === 'greeting') state.link.destroy();
  }

  #dial(): void {
    const attempt = new AbortController();
    this.#state = { kind: 'dialling', attempt };
    this.#ports.dial(attempt.signal).then(
      (dialled) => {
        if (attempt.signal.aborted) {
          if (dialled.ok) dialled.value.link.destroy();
        } else if (dialled.ok) this.#greet(dialled.value.link);
        else this.#lost(dialled.error.text);
      },
      // It never rejects; were it to, that is a fault to be told as such.
      (error: unknown) => {
        throw error;
      },
    );
  }

  #greet(link: Link): void {
    const now = this.#ports.clock.monotonic();
    this.#state = { kind: 'greeting', link, since: now };
    this.#heardAt = now;
    this.#after(WELCOME_WITHIN_MS, () => this.#drop('no answer from your own program there'));
    const ours = (): boolean => 'link' in this.#state && this.#state.link === link;
    const events = {
      frame: (line: string) => {
        if (ours()) this.#line(line);
      },
      fault: (fault: string) => {
        if (ours()) this.#drop(fault);
      },
      drained: () => undefined,
      closed: () => {
        if (ours()) this.#lost('your own program there has ended');
      },
    };
    link.listen(inSlices(link, events));
    link.write(encode({ type: 'hello', version: PROTOCOL_VERSION, auth: { method: 'host' } }));
  }

  #line(line: string): void {
    this.#heardAt = this.#ports.clock.monotonic();
    const message = decodeServerMessage(line);
    if (message.ok) this.#received(message.value);
    // A newer one may say what we don't know; it is not for us.
    else if (message.error.code !== 'unknown_type') this.#drop(message.error.text);
  }

  #received(message: ServerMessage): void {
    const state = this.#state;
    if (state.kind === 'greeting') {
      if (message.type === 'welcome') {
        this.#state = { kind: 'up', link: state.link, since: this.#ports.clock.monotonic() };
        this.#after(PING_EVERY_MS, () => this.#ping());
        this.#ports.up(message);
      } else if (message.type === 'error' || message.type === 'bye') this.#drop(message.text);
      return;
    }
    if (message.type === 'pong' || message.type === 'welcome') return;
    if (message.type === 'bye' || (message.type === 'error' && message.closes)) this.#drop(message.text);
    else this.#ports.heard(message);
  }

  #ping(): void {
    const state = this.#state;
    if (state.kind !== 'up') return;
    if (this.#ports.clock.monotonic() - this.#heardAt >= DEAD_AFTER_MS) {
      this.#drop('your own program there does not answer');
      return;
    }
    this.#pinged++;
    state.link.write(encode({ type: 'ping', n: this.#pinged }));
    this.#after(PING_EVERY_MS, () => this.#ping());
  }

  #drop(text: string): void {
    const state = this.#state;
    this.#lost(text);
    if ('link' in state) state.link.destroy();
  }

  #lost(text: string): void {
    const { clock, random, down } = this.#ports;
    const state = this.#state;
    const lasted = state.kind === 'up' && clock.monotonic() - state.since >= STABLE_AFTER_MS;
    this.#failures = lasted ? 1 : this.#failures + 1;
    this.#state = { kind: 'waiting' };
    this.#after(waitFor({ address: HERE, saidSo: undefined, failures: this.#failures }, random), () => this.#dial());
    down(text);
  }

  #after(ms: number, run: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(run, ms);
  }
}
