import { err, ok } from '../../base/result.ts';
import { tabName } from '../core/lookup.ts';
import type { Tab } from '../core/state.ts';
import { goToTab } from '../core/tabs.ts';
import type { Command } from './command.ts';

/** By number, by name, by a name without its sign, or by how it begins where only one does. */
function find(tabs: readonly Tab[], typed: string): Tab | undefined {
  const word = typed.toLowerCase();
  if (/^\d{1,3}$/.test(word)) return tabs[Number(word) - 1];
  const name = (tab: Tab): string => tabName(tab).toLowerCase();
  const bare = (tab: Tab): string => name(tab).replace(/^[#=~]+/, '');
  const begins = tabs.filter((tab) => name(tab).startsWith(word) || bare(tab).startsWith(word));
  const exact = tabs.find((tab) => name(tab) === word) ?? tabs.find((tab) => bare(tab) === word);
  return exact ?? (begins.length === 1 ? begins[0] : undefined);
}

export const go: Command = {
  name: 'go',
  aliases: ['buffer', 'window'],
  args: 'number | name',
  help: 'to another chat that is open',
  complete: ({ tabs }) => tabs.map(tabName),
  run: ({ state, args }) => {
    if (args === '') return err('where to? /go 2, or /go bob; /tabs lists them');
    const found = find(state.tabs, args);
    if (found === undefined) return err(`no chat here is called ${args}; /tabs lists them, /join and /msg open others`);
    goToTab(state, found);
    return ok([]);
  },
};
