/** Whom a search is after: `from:bob.lan` is `from:bob` on the network, and nobody on the server. */

/** As whoever searches reads the words. */
const PART = /from:@?(?<name>\S+)|"[^"]*"?|[^\s"]+/giu;

/** @param of what they are called there; undefined: nobody there. @returns undefined where nobody can be meant. */
export function withAuthor(words: string, of: (name: string) => string | undefined): string | undefined {
  let isSomebody = true;
  const there = words.replace(PART, (part: string, ...groups: readonly unknown[]) => {
    const [name] = groups;
    if (typeof name !== 'string') return part;
    const called = of(name);
    // Of several the last one counts.
    isSomebody = called !== undefined;
    return `from:${called ?? name}`;
  });
  return isSomebody ? there : undefined;
}
