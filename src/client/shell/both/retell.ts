/**
 * Words for people that name somebody: what the network's program and its messenger say of `bob` is about `bob.lan` here, and
 * so is the command that they advise.
 */

/** What may be a name, with what is before it: in a path, or behind a command's sign, it is none. */
const WORD = /(?<![A-Za-z0-9_./~#-])[~#]?[A-Za-z0-9_][A-Za-z0-9_.-]*/g;
/** The end of a sentence, not of a name. */
const STOPS = /[.-]+$/;

/** @param names what each name in it becomes. */
export function retold(text: string, names: ReadonlyMap<string, string>): string {
  if (names.size === 0) return text;
  return text.replaceAll(WORD, (word) => {
    const whole = names.get(word);
    if (whole !== undefined) return whole;
    const stops = STOPS.exec(word)?.[0] ?? '';
    const name = names.get(word.slice(0, word.length - stops.length));
    return name === undefined ? word : `${name}${stops}`;
  });
}
