/** Two people in a private chat, and what its head says. */
import { LETTERS_AFTER_MS } from '../../../src/client/core/chats.ts';
import type { Typist } from './typist.ts';
import { pause } from './wait.ts';

const ELSEWHERE = 'in your other uchat';
/** Milliseconds. */
const AGAIN_AFTER_MS = 200;

/** The tab of a private chat that is open, by its head. */
export const encrypted = (path: 'direct' | 'relayed'): RegExp => new RegExp(`end-to-end encrypted · ${path}`);

/** Who has just come has no keys yet, or another program has them: waits until they are here, and the server knows it. */
export async function haveKeys(...clients: readonly Typist[]): Promise<void> {
  for (const client of clients) {
    client.say('/dhkey');
    const seen = (): string => client.screen().join('\n');
    while (!seen().includes('this device: ')) {
      await client.waitFor(new RegExp(`this device: |${ELSEWHERE}`));
      // It is still in the line.
      if (seen().includes(ELSEWHERE)) client.press('enter');
      await pause(AGAIN_AFTER_MS);
    }
  }
}

/** One asks. @returns when the other's tab bar says so. */
export async function ask(asker: Typist, asked: Typist, names: Names, ...words: readonly string[]): Promise<void> {
  asker.say(['/private', names.asked, ...words].join(' '));
  await asker.waitFor(`You have asked ${names.asked} for a private chat`);
  await asked.waitFor(`=${names.asker}?`);
}

export interface Names {
  readonly asker: string;
  readonly asked: string;
}

/** Brings the tab of this name to the front. */
export async function goTo(typist: Typist, tab: string): Promise<void> {
  const [bar = ''] = typist.screen();
  const escaped = tab.replaceAll(/[.~]/g, '\\$&');
  const number = new RegExp(`(\\d+):${escaped}(?![\\w.-])`).exec(bar)?.[1];
  if (number === undefined) throw new Error(`no tab ${tab} in:${bar}`);
  typist.press(`alt-${Number(number) % 10}`);
}

/**
 * Presses a letter that answers what has just come to the screen. So that nobody answers by what they were typing, letters
 * don't count for a moment.
 */
export async function answer(typist: Typist, letter: string): Promise<void> {
  await pause(LETTERS_AFTER_MS);
  typist.press(letter);
}

/** Asked, accepted, and both look at it. */
export async function openChat(
  asker: Typist,
  asked: Typist,
  names: Names,
  path: 'direct' | 'relayed' = 'direct',
): Promise<void> {
  await ask(asker, asked, names);
  await goTo(asked, `=${names.asker}`);
  await asked.waitFor(`${names.asker} asks for a private chat.`);
  await answer(asked, 'a');
  for (const one of [asker, asked]) await one.waitFor(encrypted(path));
}
