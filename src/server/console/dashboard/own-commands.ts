/** The commands that are the dashboard's own: they ask nothing of the server. */

type OwnCommand = { readonly kind: 'filter'; readonly words: string } | { readonly kind: 'help' };

export const OWN_WORDS: readonly string[] = ['/filter'];
export const OWN_HELP: readonly string[] = [
  '/filter [WORDS]  show only what has these words in the log; without words, all',
];

export function ownCommand(line: string): OwnCommand | undefined {
  const [, word, rest = ''] = /^\/(filter|help)(?:\s+(.*))?$/s.exec(line.trim()) ?? [];
  if (word === 'help') return { kind: 'help' };
  return word === 'filter' ? { kind: 'filter', words: rest.trim() } : undefined;
}
