/** Addresses in a text. Expects sanitised text, so that no control character is in any of them. */

export interface Link {
  /** UTF-16 indexes into the text. */
  readonly start: number;
  readonly end: number;
  /** What a terminal is to open: printable ASCII, at most `MAX_LINK_CHARS`. */
  readonly href: string;
}

/** Characters of an address; VTE takes 2083 in an OSC 8, and no more. */
export const MAX_LINK_CHARS = 2000;

/**
 * Only what shows something, and asks before it does more: `file:` would open what lies on the reader's own disk. What
 * ends an address wherever it stands: blanks, quotes, angle brackets, and the punctuation of Chinese and Japanese, which
 * have no blank behind it.
 */
const ADDRESS =
  /(?<![\p{L}\p{N}_])(?:https?|ftps?|gemini|gopher|ircs?):\/\/[^\s<>"`\\^{|}“”„‘’«»‹›、。，．：；？！…（）「」『』【】〔〕〈〉《》]+/giu;
/** What follows on an address and is none of it. */
const TRAILING = new Set(".,;:!?'*_");
const CLOSING: Readonly<Record<string, string>> = { ')': '(', ']': '[' };

/** Without the punctuation of the sentence around it; a bracket stays where the address has opened it. */
function trimmed(address: string): string {
  const open = new Map<string, number>();
  for (const character of address) {
    if ('()[]'.includes(character)) open.set(character, (open.get(character) ?? 0) + 1);
  }
  let end = address.length;
  for (; end > 0; end -= 1) {
    const last = address.charAt(end - 1);
    const opening = CLOSING[last];
    if (opening === undefined) {
      if (!TRAILING.has(last)) break;
      continue;
    }
    const closed = open.get(last) ?? 0;
    if (closed <= (open.get(opening) ?? 0)) break;
    open.set(last, closed - 1);
  }
  return address.slice(0, end);
}

function hrefOf(address: string): string | undefined {
  const url = URL.parse(address);
  if (url === null || url.hostname === '' || url.href.length > MAX_LINK_CHARS) return undefined;
  return /^[\x21-\x7e]+$/.test(url.href) ? url.href : undefined;
}

/** In their order; none lies in another. */
export function linksIn(text: string): Link[] {
  // Nearly every text has none.
  if (!text.includes('://')) return [];
  const found: Link[] = [];
  for (const { 0: match, index } of text.matchAll(ADDRESS)) {
    const address = trimmed(match);
    const href = hrefOf(address);
    if (href !== undefined) found.push({ start: index, end: index + address.length, href });
  }
  return found;
}
