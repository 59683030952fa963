/** What a chat says of itself, for people. */
import type { UserName } from '../base/ids.ts';

export const KEYS_GONE = 'the keys of this chat are destroyed';
export const NOW_DIRECT = 'the chat is direct now';
export const weEnded = 'you ended the chat';
export const theyEnded = (who: UserName): string => `${who} ended the chat`;
export const theyLeft = (who: UserName): string => `${who} has left`;
export const weLeft = 'you have left';
export const noAnswer = (who: UserName): string => `${who} has not answered`;
export const theyRefused = (who: UserName): string => `${who} said no`;
export const weRefused = 'you said no';
export const WE_LATE = 'nobody answered for 2 minutes: the request has ended by itself';
export const takenBack = (who: UserName): string => `${who} took the request back`;
export const weTookBack = 'you took the request back';
export const elsewhere = 'answered by another of your devices';
export const bothAsked = 'both of you asked at once';
export const theyKnowNothing = (who: UserName): string =>
  `the chat is over: ${who}'s program has ended meanwhile, or has closed it`;
export const notOpened = (who: UserName): string => `${who}'s program does not answer`;
export const otherKind = (who: UserName, plain: boolean): string =>
  plain
    ? `${who} answered with encryption what you both meant to say in plain text, so there is no chat`
    : `${who} answered in plain text, which you did not ask for: nothing is sent`;
export const notTheirs = (who: UserName): string =>
  `the answer does not fit the key of ${who}: somebody between you may have made it, so there is no chat`;
export const wrongHello = (who: UserName): string =>
  `what ${who}'s program says of this chat is not what you agreed on: somebody may sit between you`;
export const numbersDiffer = (who: UserName): string => `the numbers of ${who} and you differ: the chat is ended`;
export const strange = 'something came that does not belong here, and was left out';
export const relayedNow = (who: UserName): string =>
  `relayed by the server now: the connection to ${who}'s machine is lost`;
export const notReached = (who: UserName): string => `relayed by the server: ${who}'s machine can't be reached`;
export const theyHide = (who: UserName): string => `relayed by the server: ${who} keeps the address hidden`;
export const cutOff = (who: UserName): string => `${who} can't be reached at the moment: what you write waits`;
export const back = (who: UserName): string => `${who} can be reached again`;
export const theyLog = (who: UserName, on: boolean): string =>
  on ? `${who} keeps a log of this chat` : `${who} keeps no log of this chat any more`;
export const weLog = (on: boolean): string =>
  on ? 'you keep a log of this chat from here on; the other side is told' : 'you keep no log of this chat any more';
export const logLocked = 'your log is locked: give its passphrase with /unlock first';
export const alreadyOver = 'not sent: the chat is over';
export const tooMuch = (who: UserName): string => `not sent: too much waits for ${who} already`;
export const knowsNoChanges = (who: UserName): string =>
  `not changed: ${who}'s program is an older one, in which what was said stays as it is`;
export const notChanged = 'not changed: the chat is over';
export const changesLost = (count: number): string =>
  count === 1
    ? 'a change of a message has perhaps not arrived'
    : `${count} changes of messages have perhaps not arrived`;
