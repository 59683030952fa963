/** Text as roff with the macros of man(7): what man, groff and mandoc read. Nothing but ASCII comes out. */

/** What roff takes for something else, and the typographer's form that it makes of some characters. */
const SPECIAL: Readonly<Record<string, string>> = {
  '\\': '\\e',
  '-': '\\-',
  "'": '\\(aq',
  '`': '\\(ga',
  '^': '\\(ha',
  '~': '\\(ti',
  '"': '\\(dq',
};

/** On one line, whatever it holds. A dot at the beginning of a line would be a macro. */
export function escaped(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[\\\-'`^~"]|[^\x20-\x7e]/gu, (character) => {
      const code = character.codePointAt(0) ?? 0;
      return SPECIAL[character] ?? `\\[u${code.toString(16).toUpperCase().padStart(4, '0')}]`;
    })
    .replace(/^\./, '\\&.');
}

/** A word that is typed is never parted at a line's end. */
const whole = (text: string): string => escaped(text).replaceAll(/(?<=^| )(?=[^ ])/g, '\\%');
/** As it is to be typed. */
export const bold = (text: string): string => `\\fB${whole(text)}\\fR`;
/** What stands for something else. */
export const italic = (text: string): string => `\\fI${whole(text)}\\fR`;

/** Characters of a line of the source: what linters of manuals ask for. */
const LINE = 79;

/** As lines: a blank may be a line's end anywhere in text that is filled. @param text escaped. */
export function filled(text: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > LINE) {
      lines.push(line);
      line = word.startsWith('.') ? `\\&${word}` : word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].join('\n');
}

/** With what ends a sentence, where nothing does yet; a dash may be the last of what is typed. @param text escaped. */
export const ended = (text: string): string => (/[.?!]$|\\-$/.test(text) ? text : `${text}.`);

/** Begins with a capital, and ends with a full stop. Escaped. */
export const sentence = (words: string): string => ended(escaped(`${words.charAt(0).toUpperCase()}${words.slice(1)}`));

/** Escaped text may stand beside what was made bold or italic; joined as it is. */
export const section = (title: string): string => `.SH ${escaped(title)}`;
export const subsection = (title: string): string => `.SS "${escaped(title)}"`;
/** @param text escaped. */
export const paragraph = (text: string): string => `.PP\n${filled(text)}`;
/** A term and what is said of it, indented. Both escaped. */
export const item = (term: string, text: string): string => `.TP\n${term}\n${filled(text)}`;
/** Lines that stay as they are. */
export const example = (lines: readonly string[]): string =>
  ['.PP', '.RS 4', '.EX', ...lines.map((line) => escaped(line) || '\\&'), '.EE', '.RE'].join('\n');

/** Option names and what they take, in prose: `--serve`, `$HOME`, `uchat send` in bold. @param text not escaped. */
export function prose(text: string): string {
  const marked = text.split(/(`[^`]*`)/);
  return marked
    .map((piece) => (/^`.*`$/.test(piece) ? bold(piece.slice(1, -1)) : inner(piece)))
    .join('')
    .replace(/^\./, '\\&.');
}

/** Between others it may begin and end with a blank. */
const inner = (piece: string): string => escaped(`x${piece}`).slice(1);
