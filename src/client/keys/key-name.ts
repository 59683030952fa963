/**
 * How people write a key, and how it is shown to them. Tolerant in what it reads (`Ctrl-Alt-x`, `C-M-x`, `^x`, `PgUp`,
 * tmux's `BTab`), and exact about what a terminal can send at all.
 */
import { err, ok, type Result } from '../../base/result.ts';

/** Names of keys, each with how it is shown and what else it is called. */
const NAMES: Readonly<Record<string, readonly [label: string, ...others: string[]]>> = {
  enter: ['Enter', 'return', 'cr', 'ret'],
  tab: ['Tab'],
  backspace: ['Backspace', 'bs', 'bspace'],
  delete: ['Delete', 'del', 'dc'],
  insert: ['Insert', 'ins', 'ic'],
  escape: ['Esc', 'esc'],
  space: ['Space', 'spc'],
  up: ['Up'],
  down: ['Down'],
  left: ['Left'],
  right: ['Right'],
  home: ['Home'],
  end: ['End'],
  pageup: ['PgUp', 'pgup', 'page-up', 'ppage'],
  pagedown: ['PgDn', 'pgdn', 'pgdown', 'page-down', 'npage'],
  ...Object.fromEntries(Array.from({ length: 12 }, (_, i): [string, [string]] => [`f${i + 1}`, [`F${i + 1}`]])),
};

const BY_NAME: ReadonlyMap<string, string> = new Map(
  Object.entries(NAMES).flatMap(([name, [, ...others]]) =>
    [name, ...others].map((each): [string, string] => [each, name]),
  ),
);

interface Parts {
  readonly ctrl: boolean;
  readonly alt: boolean;
  readonly shift: boolean;
  readonly base: string;
}

/** A modifier, and a sign between it and what follows; the last character is always the key's own. */
const MODIFIER = /^(ctrl|control|c|alt|meta|m|shift|s)[-+](?=.)/iu;

function partsOf(typed: string): Parts {
  let base = typed.trim();
  let [ctrl, alt, shift] = [false, false, false];
  for (;;) {
    const caret = /^\^.$/u.test(base);
    const [whole = '', word = ''] = caret ? ['^', 'c'] : (MODIFIER.exec(base) ?? []);
    if (whole === '') break;
    base = base.slice(whole.length);
    const letter = word.charAt(0).toLowerCase();
    if (letter === 'c') ctrl = true;
    else if (letter === 's') shift = true;
    else alt = true;
  }
  return base.toLowerCase() === 'btab' ? { ctrl, alt, shift: true, base: 'tab' } : { ctrl, alt, shift, base };
}

/** In the decoder's order and spelling. */
const spelled = ({ ctrl, alt, shift, base }: Parts): string =>
  `${ctrl ? 'ctrl-' : ''}${alt ? 'alt-' : ''}${shift ? 'shift-' : ''}${base}`;

/** Control characters that have a key of their own, and the signs that make the same one as another. */
const CONTROL_TWINS: Readonly<Record<string, string>> = {
  i: 'tab',
  m: 'enter',
  '[': 'escape',
  '2': 'ctrl-space',
  '@': 'ctrl-space',
  '3': 'escape',
  '4': 'ctrl-\\',
  '5': 'ctrl-]',
  '6': 'ctrl-^',
  '7': 'ctrl-_',
  '/': 'ctrl-_',
  '-': 'ctrl-_',
  '8': 'backspace',
  '?': 'backspace',
};
/** Keys for which a terminal sends one and the same with Ctrl, with Shift, and without. */
const BARE = ['enter', 'escape', 'backspace'];

/** What a terminal sends for it is another key; undefined: it is a key by itself. */
function twinOf({ ctrl, alt, shift, base }: Parts): string | undefined {
  const lifted = alt ? 'alt-' : '';
  if (BARE.includes(base)) {
    if (ctrl && base === 'backspace') return alt ? 'alt-backspace' : 'ctrl-h';
    if (base === 'escape') return ctrl || alt || shift ? 'escape' : undefined;
    return ctrl || shift ? `${lifted}${base}` : undefined;
  }
  if (base === 'tab') return ctrl ? `${lifted}${shift ? 'shift-' : ''}tab` : undefined;
  if (base === 'space') return shift ? spelled({ ctrl, alt, shift: false, base }) : undefined;
  if (!ctrl || base.length > 1) return undefined;
  if (alt && (base === 'h' || base === 'j')) return base === 'h' ? 'alt-backspace' : 'alt-enter';
  const twin = CONTROL_TWINS[base];
  if (twin !== undefined) return twin === 'escape' ? twin : twin.replace(/^(ctrl-)?/, `$1${lifted}`);
  return shift ? spelled({ ctrl, alt, shift: false, base }) : undefined;
}

const HOW = 'write it like ctrl-k, alt-x, f5 or pageup';

/**
 * As the decoder spells it; a character that is typed as such (`%`, `A`) stays what it is.
 * @returns or what is wrong, to follow on the key in quotes: `is no key: …`.
 */
export function parseKey(typed: string): Result<string, string> {
  const parts = partsOf(typed);
  const name = BY_NAME.get(parts.base.toLowerCase());
  if (name === undefined) return parseCharacter(parts);
  const key = { ...parts, base: name };
  const twin = twinOf(key);
  return twin === undefined ? ok(spelled(key)) : err(`is the same as ${twin} to a terminal: write "${twin}"`);
}

function parseCharacter(parts: Parts): Result<string, string> {
  const { ctrl, alt, shift, base } = parts;
  if (Array.from(base).length !== 1 || /[\s\p{C}]/u.test(base)) return err(`is no key: ${HOW}`);
  const isLetter = /^[a-z]$/i.test(base);
  if (shift && !isLetter) return err(`has Shift with a sign: write the sign that Shift makes`);
  if (!ctrl && !alt) return ok(shift ? base.toUpperCase() : base);
  if (!/^[\x21-\x7e]$/.test(base)) return err('is no key: with ctrl- or alt- stands a letter, digit or sign of ASCII');
  const key = { ...parts, base: base.toLowerCase() };
  const twin = twinOf(key);
  if (twin !== undefined) return err(`is the same as ${twin} to a terminal: write "${twin}"`);
  if (ctrl && !/^[a-z\]\\^_]$/.test(key.base)) return err('is a key that terminals don’t send');
  return ok(spelled(key));
}

/** Whether it is typed into a text: no key for anything else, but after the prefix. */
export const isTyped = (key: string): boolean => Array.from(key).length === 1 || key === 'space';

/** As people read it: `Ctrl-K`, `Alt-p`, `PgUp`, `%`. What is shown can be written in the config. */
export function keyLabel(key: string): string {
  const [, ctrl = '', alt = '', shift = '', base = ''] = /^(ctrl-)?(alt-)?(shift-)?(.+)$/su.exec(key) ?? [];
  const alone = ctrl !== '' && alt === '' ? base.toUpperCase() : base;
  const label = NAMES[base]?.[0] ?? alone;
  return `${ctrl && 'Ctrl-'}${alt && 'Alt-'}${shift && 'Shift-'}${label}`;
}
