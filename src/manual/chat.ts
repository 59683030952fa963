/** What can be typed in the chat: commands and keys, from the tables that give them their meaning. */
import type { Command } from '../client/commands/command.ts';
import { COMMANDS } from '../client/commands/index.ts';
import { DEFAULT_KEYMAP, keysOf } from '../client/keys/bound.ts';
import { keyLabel } from '../client/keys/key-name.ts';
import { DEFAULT_PREFIX, KEY_GROUPS, KEYMAP, type KeyGroup } from '../client/keys/keymap.ts';
import { bold, escaped, filled, italic, item, paragraph, sentence, subsection } from './roff.ts';

function commandItem({ name, args, help, aliases }: Command): string {
  const also = aliases.length === 0 ? '' : ` Also ${aliases.map((alias) => bold(`/${alias}`)).join(', ')}.`;
  return item(`${bold(`/${name}`)}${args === '' ? '' : ` ${italic(args)}`}`, `${sentence(help)}${also}`);
}

export function commands(all: readonly Command[] = COMMANDS): readonly string[] {
  const isOrder = ({ operators }: Command): boolean => operators === true;
  return [
    filled(escaped('A line that begins with / is a command; // says a line that begins with /. Tab completes.')),
    ...all.filter((one) => !isOrder(one)).map(commandItem),
    subsection('For operators'),
    escaped('The user who runs the server is one, and makes others.'),
    ...all.filter(isOrder).map(commandItem),
  ];
}

/** Keys of one line: of more than these only the first and the last are named. */
const MAX_NAMED = 6;

const namedKeys = (keys: readonly string[]): string =>
  (keys.length > MAX_NAMED ? [...keys.slice(0, 2), '...', ...keys.slice(-1)] : keys)
    .map((key) => (key === '...' ? key : bold(key)))
    .join(', ')
    .replace(', ..., ', ' ... ');

interface Line {
  readonly words: string;
  readonly names: readonly string[];
}

/** Neighbours with the same words are one line, as on the page of keys. */
function linesOf(group: KeyGroup): readonly Line[] {
  const lines: Line[] = [];
  for (const { words, name } of KEYMAP.filter((binding) => binding.group === group)) {
    const last = lines.at(-1);
    if (last?.words === words) lines[lines.length - 1] = { words, names: [...last.names, name] };
    else lines.push({ words, names: [name] });
  }
  return lines.filter(({ words }) => words !== '');
}

/** Those that need the prefix come last, whatever they do. */
function keysOfAll(names: readonly string[]): readonly string[] {
  const prefix = `${keyLabel(DEFAULT_PREFIX)} `;
  const keys = names.flatMap((name) => keysOf(DEFAULT_KEYMAP, name));
  return [...keys.filter((key) => !key.startsWith(prefix)), ...keys.filter((key) => key.startsWith(prefix))];
}

function keyItems(group: KeyGroup): readonly string[] {
  return linesOf(group).map(({ words, names }) => {
    const prefix = `${keyLabel(DEFAULT_PREFIX)} `;
    const keys = keysOfAll(names);
    const direct = keys.filter((key) => !key.startsWith(prefix));
    const after = keys.filter((key) => key.startsWith(prefix));
    const shown = [direct, after].filter((some) => some.length > 0).map(namedKeys);
    const called = names.length > MAX_NAMED ? [names[0] ?? '', '...', names.at(-1) ?? ''] : names;
    return item(
      shown.length === 0 ? escaped('(no key)') : shown.join(', '),
      `${sentence(words)} [${called.map(escaped).join(' ')}]`,
    );
  });
}

export function keys(): readonly string[] {
  const groups = [...new Set(KEYMAP.map(({ group }) => group))];
  return [
    filled(
      [
        escaped('F1 shows those that hold. The words in brackets are their names in the table'),
        `${bold('[keys]')} of ${italic('config.toml')}: ${bold('"ctrl-g" = "go-to"')}, ${bold('"f5" = "/who"')},`,
        `${bold('"alt-x" = "none"')}, ${bold('"prefix %" = "split-right"')}, ${bold('prefix = "ctrl-b"')}.`,
      ].join(' '),
    ),
    ...groups.flatMap((group) => [subsection(KEY_GROUPS[group]), ...keyItems(group)]),
    paragraph(escaped('A bracketed paste is one message, with its lines.')),
  ];
}
