/** What is wrong with the hub itself, for `/lan status`: a line each. */
import { sanitizeLine } from '../../base/text/sanitize.ts';
import { MAX_PROBLEM_CHARS, MAX_PROBLEMS } from './limits.ts';

/** A line as others may be shown it. */
export const problemLine = (text: string): string => sanitizeLine(text).slice(0, MAX_PROBLEM_CHARS);

export class Problems {
  readonly #lines = new Map<string, string>();

  get lines(): readonly string[] {
    return [...this.#lines.values()];
  }

  /** @param about what it is about: a later one about the same takes its place. */
  put(about: string, text: string): void {
    this.#lines.delete(about);
    this.#lines.set(about, problemLine(text));
    for (const oldest of this.#lines.keys()) if (this.#lines.size > MAX_PROBLEMS) this.#lines.delete(oldest);
  }

  end(about: string): void {
    this.#lines.delete(about);
  }

  /** A fault of ours: nothing that anybody sends may cause one. */
  fault(error: unknown): void {
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    this.put('fault', `a fault of this program: ${text}`);
  }
}
