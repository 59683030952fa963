/** What doesn't work at present, a line each, by what it is about: said anew it replaces the line, and goes when it works. */
export class Problems {
  readonly #lines = new Map<string, string>();

  get lines(): readonly string[] {
    return [...new Set(this.#lines.values())];
  }

  set(about: string, line: string): void {
    this.#lines.set(about, line);
  }

  clear(about: string): void {
    this.#lines.delete(about);
  }

  /** What is about nothing that is there any more goes. */
  keep(isThere: (about: string) => boolean): void {
    for (const about of this.#lines.keys()) if (!isThere(about)) this.#lines.delete(about);
  }
}
