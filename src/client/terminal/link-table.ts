/** Numbers for links, small enough for the attribute of a cell. */
import { safeLink } from './osc.ts';

/** Seven bits. A screen shows a few; when they are used up, they are given anew. */
const MAX_LINKS = 127;

export class LinkTable {
  readonly #numbers = new Map<string, number>();
  readonly #links: string[] = [];
  /** One more was wanted than there are. */
  isFull = false;

  /** @returns 0 for no link, and for one that may not be sent. */
  numberOf(link: string | undefined): number {
    const safe = safeLink(link);
    if (safe === undefined) return 0;
    const known = this.#numbers.get(safe);
    if (known !== undefined) return known;
    if (this.#links.length >= MAX_LINKS) {
      this.isFull = true;
      return 0;
    }
    this.#links.push(safe);
    this.#numbers.set(safe, this.#links.length);
    return this.#links.length;
  }

  linkOf(number: number): string | undefined {
    return this.#links[number - 1];
  }

  clear(): void {
    this.#numbers.clear();
    this.#links.length = 0;
    this.isFull = false;
  }
}
