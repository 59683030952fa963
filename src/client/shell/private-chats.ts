/**
 * Private chats as the chat sees them: there or not. They are opened when the screen stands, and again and again while
 * another program of ours has them. What goes wrong in them ends them, and nothing else.
 */
import type { ClientId, UserName } from '../../base/ids.ts';
import type { Messenger } from '../../peer/messenger.ts';
import type { PrivateCommand, PrivateEvent } from '../../peer/private.ts';
import type { Pin } from '../../peer/vault.ts';
import type { ServerMessage } from '../../protocol/server-messages.ts';
import { VaultError } from '../vault/fault.ts';
import { faultLine } from './fault.ts';

/** Milliseconds until it is looked again whether the other program has ended. */
const LOOK_AGAIN_MS = 2000;
/** Milliseconds that leaving may take: what a person waits for who quits. */
const LEAVE_WITHIN_MS = 1000;
/** Commands that wait until private chats are there: more than a person gives in that time. */
const MAX_WAITING = 1000;

const ELSEWHERE = 'private chats are in your other uchat; they come here when it ends';

/** What the disk says is nobody's fault. */
const wordsOf = (error: unknown): string =>
  `private chats have stopped: ${error instanceof VaultError ? error.text : faultLine(error)}`;

/** What came of opening them. */
export type Opened =
  | { readonly kind: 'open'; readonly messenger: Messenger; pins?(user: UserName): readonly Pin[]; close(): void }
  /** Another program of ours has them. */
  | { readonly kind: 'busy' }
  /** One line that says what is wrong with the files and what to do. */
  | { readonly kind: 'failed'; readonly text: string };

export interface PrivateChatsPorts {
  /** @param tell what the messenger has to tell. @param fault it has found a fault in itself. */
  open(tell: (event: PrivateEvent) => void, fault: (error: unknown) => void): Promise<Opened>;
  /** Always called later, never inside what has caused it. */
  tell(event: PrivateEvent): void;
}

/**
 * off ──start──► opening ──► open ──────► over
 *                 ▲    └──► busy ─┐ failed
 *                 └───── 2 s ─────┘
 */
type State =
  | { readonly kind: 'off' | 'opening' | 'over' }
  | { readonly kind: 'busy'; readonly timer: NodeJS.Timeout }
  | { readonly kind: 'failed'; readonly text: string }
  | Extract<Opened, { kind: 'open' }>;

export class PrivateChats {
  readonly #ports: PrivateChatsPorts;
  #state: State = { kind: 'off' };
  #waiting: readonly PrivateCommand[] = [];
  #online: { readonly user: UserName; readonly visible: boolean } | undefined;
  /** Under way; whoever asks again waits for the same. */
  #leaving: Promise<void> | undefined;
  /** What was told last, so that looking again and again is no news each time. */
  #told: string | undefined;
  readonly #refused = new WeakSet<PrivateCommand>();

  constructor(ports: PrivateChatsPorts) {
    this.#ports = ports;
  }

  /** Nobody has started them. */
  get isOff(): boolean {
    return this.#state.kind === 'off';
  }

  /** Only the first call does anything. */
  start(): void {
    if (this.isOff) this.#open();
  }

  #open(): void {
    this.#state = { kind: 'opening' };
    this.#ports
      .open(
        (event) => this.#tell(event),
        (error) => this.#failed(wordsOf(error)),
      )
      .then(
        (opened) => this.#opened(opened),
        (error: unknown) => this.#failed(wordsOf(error)),
      );
  }

  #opened(opened: Opened): void {
    // Closed, or found faulty, meanwhile.
    if (this.#state.kind !== 'opening') {
      if (opened.kind === 'open') close(opened);
      return;
    }
    switch (opened.kind) {
      case 'busy':
        this.#state = { kind: 'busy', timer: setTimeout(() => this.#open(), LOOK_AGAIN_MS) };
        return this.#unavailable(ELSEWHERE, true);
      case 'failed':
        return this.#failed(opened.text);
      case 'open': {
        this.#state = opened;
        this.#tell({ type: 'available', available: true, text: '' });
        const online = this.#online;
        if (online !== undefined) this.#guarded(({ messenger }) => messenger.online(online.user, online));
        const waiting = this.#waiting;
        this.#waiting = [];
        for (const command of waiting) this.command(command);
      }
    }
  }

  #failed(text: string): void {
    const state = this.#state;
    if (state.kind === 'failed' || state.kind === 'over') return;
    this.#state = { kind: 'failed', text };
    if (state.kind === 'open') close(state);
    this.#unavailable(text, false);
  }

  /** @param wait whether they will be there by themselves: then mail waits. */
  #unavailable(text: string, wait: boolean): void {
    if (this.#told !== text) this.#tell({ type: 'available', available: false, text });
    this.#told = text;
    const commands = this.#waiting;
    this.#waiting = wait ? commands.filter((command) => command.do === 'mail') : [];
    for (const command of commands) if (!this.#refused.has(command)) this.#refuse(command, text, wait);
  }

  /** Later: what is told leads to an update, and this may be called from within one. */
  #tell(event: PrivateEvent): void {
    queueMicrotask(() => {
      if (this.#state.kind !== 'over') this.#ports.tell(event);
    });
  }

  /** Whatever goes wrong in it: the rest of the program is not concerned. */
  #guarded<T>(run: (open: Extract<Opened, { kind: 'open' }>) => T): T | undefined {
    if (this.#state.kind !== 'open') return undefined;
    try {
      return run(this.#state);
    } catch (error) {
      this.#failed(wordsOf(error));
      return undefined;
    }
  }

  command(command: PrivateCommand): void {
    const state = this.#state;
    switch (state.kind) {
      case 'open':
        return this.#guarded(({ messenger }) => messenger.command(command));
      case 'off':
      case 'opening':
        return this.#wait(command);
      case 'busy':
        if (command.do === 'mail') this.#wait(command);
        if (command.do === 'unmail') this.#unmail(command.id);
        return this.#refuse(command, ELSEWHERE, true);
      case 'failed':
        return this.#refuse(command, state.text, false);
      case 'over':
        return;
    }
  }

  #wait(command: PrivateCommand): void {
    // The same again: it is kept until it is stored, and may be given twice.
    if (command.do === 'mail') this.#unmail(command.id);
    if (this.#waiting.length < MAX_WAITING) this.#waiting = [...this.#waiting, command];
    else this.#refuse(command, 'private chats are not there yet', false);
  }

  #unmail(id: ClientId): void {
    this.#waiting = this.#waiting.filter((command) => command.do !== 'mail' || command.id !== id);
  }

  #refuse(command: PrivateCommand, text: string, wait: boolean): void {
    this.#refused.add(command);
    switch (command.do) {
      case 'mail':
        return this.#tell({ type: 'notMailed', id: command.id, to: command.to, code: 'unavailable', text, wait });
      case 'ask':
        return this.#tell({ type: 'refused', chat: command.chat, person: command.to, text });
      case 'verify':
      case 'acceptKey':
      case 'history':
      case 'forget':
      case 'export':
        return this.#tell({ type: 'told', person: command.user, text, bad: true });
      case 'accept':
      case 'reject':
      case 'end':
      case 'say':
      case 'change':
      case 'log':
      case 'compared':
      case 'fingerprints':
      case 'unlock':
      case 'passphrase':
        return this.#tell({ type: 'told', text, bad: true });
      case 'changeMail':
        return this.#tell({
          type: 'notMailed',
          id: command.id,
          to: command.to,
          code: 'unavailable',
          text,
          wait: false,
        });
      // Nobody waits for their answers.
      case 'typing':
      case 'unmail':
      case 'trust':
        return;
    }
  }

  online(user: UserName): void {
    const online = { user, visible: true };
    this.#online = online;
    this.#guarded(({ messenger }) => messenger.online(user, online));
  }

  offline(): void {
    if (this.#online === undefined) return;
    this.#online = undefined;
    this.#guarded(({ messenger }) => messenger.offline());
  }

  /** @returns whether nobody else need look at it. */
  receive(message: ServerMessage): boolean {
    return this.#guarded(({ messenger }) => messenger.receive(message)) ?? false;
  }

  /** Their devices that were met; none where private chats aren't there. */
  pins(user: UserName): readonly Pin[] {
    return this.#guarded((open) => open.pins?.(user)) ?? [];
  }

  /** Logs off: those whom one talks to are told, as far as that is possible in a second. Never rejects. */
  async leave(): Promise<void> {
    this.#leaving ??= this.#leave();
    await this.#leaving;
    this.#leaving = undefined;
  }

  async #leave(): Promise<void> {
    const left = this.#guarded(({ messenger }) => messenger.leave());
    if (left === undefined) return;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, LEAVE_WITHIN_MS);
    });
    try {
      await Promise.race([left, late]);
    } catch (error) {
      this.#failed(wordsOf(error));
    } finally {
      clearTimeout(timer);
    }
  }

  /** The program ends; safe to call twice. */
  close(): void {
    const state = this.#state;
    this.#state = { kind: 'over' };
    this.#waiting = [];
    if (state.kind === 'busy') clearTimeout(state.timer);
    if (state.kind === 'open') close(state);
  }
}

function close(opened: Extract<Opened, { kind: 'open' }>): void {
  try {
    opened.close();
  } catch {
    // It is being closed because it is faulty, or because the program ends: nobody can do anything about it.
  }
}
