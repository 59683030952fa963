/** What is looked for on a screen: a text in one line, a pattern over all of them, or anything else. */
export type Sight = string | RegExp | ((lines: readonly string[]) => boolean);

export function isSeen(lines: readonly string[], sight: Sight): boolean {
  if (typeof sight === 'function') return sight(lines);
  return typeof sight === 'string' ? lines.some((line) => line.includes(sight)) : sight.test(lines.join('\n'));
}
