import type { Tab } from './state.ts';

/** Why nothing can be written in this tab now; undefined: it can. */
export function notSaid(tab: Tab): string | undefined {
  if (tab.kind === 'room') return undefined;
  const { person } = tab;
  if (tab.kind === 'chat') {
    switch (tab.status.kind) {
      case 'asked':
        return tab.status.ours
          ? `${person} hasn't answered yet: this stays here until then`
          : `${person} asks for a private chat: /accept or /reject it first`;
      case 'opening':
        return `the chat with ${person} is being opened: this stays here until it is`;
      case 'ended':
        return `this chat has ended: /private ${person} asks for another, /msg ${person} writes a message`;
      case 'open':
        if (tab.plain) return undefined;
    }
  }
  return tab.trust === 'changed'
    ? `nothing is sent to ${person}, who has a key that was not there before: a new device, or somebody else. ` +
        `Ask in another way than this, then /accept-key ${person}`
    : undefined;
}
