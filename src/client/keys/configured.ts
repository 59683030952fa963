/**
 * The table `[keys]` of `config.toml`. What is wrong in it is told in one line each, with its place, and everything else
 * holds.
 *
 *     [keys]
 *     prefix = "ctrl-b"
 *     "ctrl-g" = "go-to"         # an action by its name
 *     "alt-x" = "none"           # takes a key away
 *     "f5" = "/who"              # a command
 *     "prefix %" = "split-right" # after the prefix
 */
import { err, ok, type Result } from '../../base/result.ts';
import { distance, findCommand, nearest } from '../commands/find.ts';
import { COMMANDS } from '../commands/index.ts';
import { type Bound, type Choice, type Keymap, keymapOf, keysOf } from './bound.ts';
import { isTyped, keyLabel, parseKey } from './key-name.ts';
import { type Binding, DEFAULT_PREFIX, KEYMAP, PREFIX } from './keymap.ts';

export interface KeyEntry {
  /** As written: `Ctrl-k`, `prefix %`. */
  readonly key: string;
  readonly value: unknown;
  /** `FILE:LINE:COLUMN` of the key, or of the value. */
  readonly placeOf: (value: boolean) => string;
}

/** The multiplexers around us, whose prefix never comes to us. */
export interface Around {
  readonly tmux: boolean;
  readonly screen: boolean;
}

export interface Configured {
  readonly keymap: Keymap;
  /** One line each. */
  readonly faults: readonly string[];
}

const NONE = 'none';
/** What must have a key, and which of its own keys it gets back. */
const NEEDED: readonly { readonly does: readonly string[]; readonly back: string; readonly words: string }[] = [
  { does: ['send'], back: 'send', words: 'sends' },
  { does: ['quit', 'delete-or-quit'], back: 'quit', words: 'quits' },
  { does: ['keys'], back: 'keys', words: 'shows the keys' },
];

const shown = (value: unknown): string => JSON.stringify(value) ?? 'this';

const isCommandLine = (text: string): boolean => text.startsWith('/') && !text.startsWith('//');

function namedAction(value: string): Result<Bound, string> {
  const name = value.trim().toLowerCase();
  const binding = KEYMAP.find((one) => one.name === name);
  if (binding !== undefined) return ok({ name, action: binding.action, repeats: binding.repeats });
  const ranked = KEYMAP.map((one) => ({ name: one.name, far: distance(name, one.name) }));
  const best = ranked.toSorted((a, b) => a.far - b.far)[0];
  const near = best !== undefined && best.far <= Math.max(1, Math.floor(name.length / 3));
  return err(`${shown(value)} is no action${near ? `: did you mean "${best.name}"?` : ''} (/keys names lists them)`);
}

function command(value: string): Result<Bound, string> {
  const text = value.trim();
  if (/\p{Cc}/u.test(text)) return err(`${shown(value)} is no command: it is one line`);
  const name = text.slice(1).split(/\s/u, 1)[0] ?? '';
  if (findCommand(COMMANDS, name) === undefined) return err(`no command /${name}${nearest(COMMANDS, name)}`);
  return ok({ name: text, action: { kind: 'command', line: text }, repeats: false });
}

/** @returns undefined where the key is to do nothing. */
function boundTo(value: unknown): Result<Bound | undefined, string> {
  if (typeof value !== 'string') return err(`${shown(value)} is not text; write an action in quotes`);
  if (value.trim().toLowerCase() === NONE) return ok(undefined);
  return isCommandLine(value.trim()) ? command(value) : namedAction(value);
}

interface Place {
  readonly key: string;
  readonly after: boolean;
}

function keyIn(text: string): Result<Place, string> {
  const [, typed] = /^prefix\s+(\S+)$/iu.exec(text.trim()) ?? [];
  if (typed?.toLowerCase() === PREFIX) return ok({ key: PREFIX, after: true });
  const key = parseKey(typed ?? text);
  if (!key.ok) return key;
  if (typed === undefined && isTyped(key.value))
    return err(`is typed into the line: put ctrl- or alt- before it, or "prefix ${text}"`);
  return ok({ key: key.value, after: typed !== undefined });
}

class Reading {
  readonly faults: string[] = [];
  readonly choices: (Choice & { readonly entry: KeyEntry })[] = [];
  prefix: string | undefined = DEFAULT_PREFIX;
  #prefixEntry: KeyEntry | undefined;

  fault({ placeOf }: KeyEntry, text: string, value = false): void {
    this.faults.push(`${placeOf(value)}: ${text}`);
  }

  readPrefix(entry: KeyEntry, around: Around): void {
    const { value } = entry;
    if (typeof value !== 'string') {
      const how = 'a key after the prefix is written "prefix x" = "action"';
      this.fault(entry, `prefix: ${typeof value === 'object' ? how : `${shown(value)} is not text`}`, true);
      return;
    }
    if (value.trim().toLowerCase() === NONE) {
      this.prefix = undefined;
      return;
    }
    const key = parseKey(value);
    if (!key.ok) return this.fault(entry, `prefix: ${shown(value)} ${key.error}`, true);
    if (isTyped(key.value)) return this.fault(entry, `prefix: ${shown(value)} is typed into the line`, true);
    this.prefix = key.value;
    this.#prefixEntry = entry;
    const outer =
      (around.tmux && key.value === 'ctrl-b' && 'tmux') || (around.screen && key.value === 'ctrl-a' && 'screen');
    if (outer) this.fault(entry, `prefix: ${shown(value)} is the prefix of ${outer}, in which uchat runs`, true);
  }

  read(entry: KeyEntry): void {
    const place = keyIn(entry.key);
    if (!place.ok) return this.fault(entry, `${shown(entry.key)} ${place.error}`);
    const bound = boundTo(entry.value);
    if (!bound.ok) return this.fault(entry, `${shown(entry.key)}: ${bound.error}`, true);
    const { key, after } = place.value;
    if (!after && key === this.prefix)
      return this.fault(entry, `${shown(entry.key)} is the prefix: choose another one`);
    const taken = this.choices.find((choice) => choice.key === key && choice.after === after)?.entry.value;
    const called = after ? `prefix ${key}` : key;
    if (taken !== undefined)
      return this.fault(entry, `${shown(entry.key)} is bound twice: ${called} is ${shown(taken)} already`);
    this.choices.push({ key, after, bound: bound.value, entry });
  }

  /** What can't be done without has a key, whatever was chosen. */
  keep(binding: Binding, words: string): void {
    const lost = this.choices.find(({ key, after }) => !after && binding.keys.includes(key));
    if (lost === undefined) {
      const entry = this.#prefixEntry;
      if (entry === undefined || !binding.keys.includes(this.prefix ?? '')) return;
      this.fault(entry, `prefix: ${shown(entry.value)} stays as it is: no other key ${words}`, true);
      this.prefix = DEFAULT_PREFIX;
      return;
    }
    this.choices.splice(this.choices.indexOf(lost), 1);
    this.fault(lost.entry, `${keyLabel(lost.key)} stays as it is: no other key ${words}`);
  }
}

export function configuredKeys(entries: readonly KeyEntry[], around: Around): Configured {
  const reading = new Reading();
  const isPrefix = ({ key }: KeyEntry): boolean => key.trim().toLowerCase() === PREFIX;
  for (const entry of entries) if (isPrefix(entry)) reading.readPrefix(entry, around);
  for (const entry of entries) if (!isPrefix(entry)) reading.read(entry);
  for (const { does, back, words } of NEEDED) {
    const keymap = keymapOf(reading.prefix, reading.choices);
    const binding = KEYMAP.find(({ name }) => name === back);
    if (binding !== undefined && does.every((name) => keysOf(keymap, name).length === 0)) reading.keep(binding, words);
  }
  return { keymap: keymapOf(reading.prefix, reading.choices), faults: reading.faults };
}
