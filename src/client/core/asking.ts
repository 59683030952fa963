import type { Tab } from './state.ts';

/** They ask for a private chat, and wait for our answer. */
export const isAsking = (tab: Tab): boolean => tab.kind === 'chat' && tab.status.kind === 'asked' && !tab.status.ours;
