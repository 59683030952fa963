import type { EmojiTable } from '../core/emoji-names.ts';

/** The names of emoji, read when somebody first writes one: 350 kB of source that most of us never need. */
export async function readEmoji(): Promise<EmojiTable> {
  const { gemoji } = await import('gemoji');
  return new Map(gemoji.flatMap(({ emoji, names }) => names.map((name): [string, string] => [name, emoji])));
}
