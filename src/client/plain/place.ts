/** Where something was said, and who else can read it, in words. */
import { sanitizeLine } from '../../base/text/sanitize.ts';
import { activeTab, tabName } from '../core/lookup.ts';
import type { ChatTab, PersonTab, State, Tab } from '../core/state.ts';
import { chatWords, personWords } from '../view/private-words.ts';

function trustWords({ trust }: ChatTab | PersonTab): string {
  switch (trust) {
    case 'changed':
      return 'KEY CHANGED';
    case 'verified':
      return 'encrypted, verified';
    case 'first':
    case 'unknown':
      return 'encrypted, not verified';
  }
}

/** Before each line of a private tab, and of a room that one isn't in: `[#dev] `. */
export function placeWords(state: State, tab: Tab): string {
  switch (tab.kind) {
    case 'room':
      return tab === activeTab(state) ? '' : `[${tab.room}] `;
    case 'person':
      return `[private message, ${tab.person}, ${trustWords(tab)}] `;
    case 'chat':
      return `[private chat, ${tab.person}, ${tab.plain ? 'NOT ENCRYPTED' : trustWords(tab)}] `;
  }
}

/** Of the tab in front, when it has come there. */
export function hereWords(state: State, tab: Tab): string {
  if (tab.kind === 'room') return `${tab.room}${tab.topic === '' ? '' : `: ${sanitizeLine(tab.topic)}`}`;
  return placeWords(state, tab).replace(/^\[|\] $/g, '');
}

/** All that the head of a private tab says; empty where a chat isn't open: what it waits for is told by itself. */
export function headWords(state: State, tab: ChatTab | PersonTab): string {
  if (tab.kind === 'chat' && tab.status.kind !== 'open') return '';
  const { parts } = tab.kind === 'chat' ? chatWords(state, tab) : personWords(state, tab);
  // By which way it goes changes by itself; only that there is none is news.
  const words = parts.map(({ text }) => text).filter((text) => !['', 'direct', 'relayed'].includes(text));
  return `${sanitizeLine(tabName(tab))}: ${words.join(', ')}`;
}
