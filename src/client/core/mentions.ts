import type { UserName } from '../../base/ids.ts';

const WORD = /[\p{L}\p{N}_]/u;

const isWord = (char: string): boolean => char !== '' && WORD.test(char);

/**
 * Whether a text names a user as a word of its own, in any case, with or without the guest's `~`: `bob`, `@Bob:`, `bob's`
 * and `bob.` name `bob`; `bobby` and `bob-cat` do not.
 */
export function mentions(text: string, name: UserName, words: readonly string[] = []): boolean {
  const lower = text.toLowerCase();
  return has(lower, name.replace(/^~/, '').toLowerCase()) || words.some((word) => has(lower, word));
}

function has(lower: string, plain: string): boolean {
  for (let at = lower.indexOf(plain); at >= 0; at = lower.indexOf(plain, at + 1)) {
    const end = at + plain.length;
    const after = lower.charAt(end);
    // A name may hold . and -, so these go on with a name when a letter follows them, and end a sentence when none does.
    const goesOn = isWord(after) || ((after === '-' || after === '.') && isWord(lower.charAt(end + 1)));
    const before = lower.charAt(at - 1);
    const comesFrom = isWord(before) || ((before === '-' || before === '.') && isWord(lower.charAt(at - 2)));
    if (!goesOn && !comesFrom) return true;
  }
  return false;
}
