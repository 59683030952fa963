/**
 * What of the mail of the local network was seen: the program there keeps it until it is told so, and until then it comes
 * again. The core counts the places of the server's mail alone, so these are counted here.
 */
import type { Seq, UserName } from '../../../base/ids.ts';

/** Places that are remembered: more than the mailbox there holds. */
const MAX_PLACES = 2000;

export class Mailbox {
  /** By place, ascending: not opened yet, or whose tab shows it; nobody's where it is no message. */
  readonly #mail = new Map<Seq, { readonly from: UserName | undefined } | 'sealed'>();

  clear(): void {
    this.#mail.clear();
  }

  get isEmpty(): boolean {
    return this.#mail.size === 0;
  }

  came(n: Seq): void {
    // The first of them holds back all the others.
    if (n > 0 && this.#mail.size < MAX_PLACES && !this.#mail.has(n)) this.#mail.set(n, 'sealed');
  }

  opened(n: Seq, from: UserName | undefined): void {
    if (this.#mail.has(n)) this.#mail.set(n, { from });
  }

  /** @returns the place up to which all was seen by now, where there is something new to tell. */
  seen(isUnread: (from: UserName) => boolean): Seq | undefined {
    let upTo: Seq | undefined;
    for (const [n, mail] of [...this.#mail].toSorted(([a], [b]) => a - b)) {
      if (mail === 'sealed' || (mail.from !== undefined && isUnread(mail.from))) break;
      upTo = n;
      this.#mail.delete(n);
    }
    return upTo;
  }
}
