/**
 * What the head of a private tab says: who can read what is written there, and on which way it goes. In words, each with
 * the turn in which it is given up where the room is scarce; NOT ENCRYPTED and KEY CHANGED never are.
 */
import type { UserName } from '../../base/ids.ts';
import { sanitizeLine } from '../../base/text/sanitize.ts';
import type { Path, Trust } from '../../peer/private.ts';
import { isGuest } from '../../protocol/names.ts';
import { isOverLan } from '../core/lan-people.ts';
import type { ChatTab, PersonTab, Privates, State } from '../core/state.ts';
import type { Part } from './fold-words.ts';

export interface HeadWords {
  readonly parts: readonly Part[];
  /** At the right edge: what one can do. */
  readonly tail: Part;
  /** All of the row calls. */
  readonly alarm: boolean;
}

/** What is given up first, and what last. */
const TURNS = [
  'what it was',
  'how to leave',
  'leaving',
  'how long it is kept',
  'how to verify',
  'that the address is hidden',
  'the hidden address',
  'what is done when unreachable',
  'our log, in full',
  'their log, in full',
  'what is asked',
  'who ended it',
  'keeping',
  'what it means',
  'our log',
  'whom one ignores',
  'from end to end',
  'their log',
  'what to do about a key',
  'two words for unverified',
  'encrypted, in full',
  'the path',
  'the state',
  'the key beside no encryption',
] as const;

type Step = readonly [turn: (typeof TURNS)[number], text: string];

const shorter = (...steps: readonly Step[]): NonNullable<Part['shorter']> =>
  steps.map(([turn, text]) => [TURNS.indexOf(turn), text]);

const NO_TAIL: Part = { text: '', role: 'dim' };

/** @param near on the local network there is nobody who could pass it on. */
function pathPart(path: Path, near: boolean): Part {
  switch (near && path === 'relayed' ? 'direct' : path) {
    case 'direct':
      return { text: 'direct', role: 'secure', shorter: shorter(['the path', '']) };
    case 'relayed':
      return { text: 'relayed', role: 'dim', shorter: shorter(['the path', '']) };
    case 'none':
      return {
        text: 'unreachable, kept until it is back',
        role: 'unread',
        shorter: shorter(['what is done when unreachable', 'unreachable'], ['the path', '']),
      };
  }
}

function trustPart(trust: Exclude<Trust, 'changed'>, person: string): Part {
  if (trust === 'verified') return { text: 'verified', role: 'secure' };
  return {
    text: trust === 'unknown' ? 'not verified' : `not verified: /verify ${person}`,
    role: 'unread',
    shorter: shorter(['how to verify', 'not verified'], ['two words for unverified', 'unverified']),
  };
}

const changedPart = (person: string): Part => ({
  text: `KEY CHANGED: nothing is sent until you /accept-key ${person}`,
  role: 'alarm',
  bold: true,
  shorter: shorter(['what it means', `KEY CHANGED: /accept-key ${person}`], ['what to do about a key', 'KEY CHANGED']),
});

const PLAIN: Part = {
  text: 'NOT ENCRYPTED: anyone between you can read this',
  role: 'alarm',
  bold: true,
  shorter: shorter(['what it means', 'NOT ENCRYPTED']),
};

const encryptedPart = (text = 'end-to-end encrypted'): Part => ({
  text,
  role: 'secure',
  shorter: shorter(['from end to end', 'encrypted'], ['encrypted, in full', 'e2e']),
});

const ignoredPart = ({ ignored }: State, person: UserName): Part => ({
  text: ignored.blocked.has(person) ? `you block ${person}` : ignored.muted.has(person) ? `you mute ${person}` : '',
  role: 'unread',
  shorter: shorter(['whom one ignores', '']),
});

/** Who keeps what is said, and whether our address is told. */
function markParts({ status, person }: ChatTab): Part[] {
  if (status.kind !== 'open') return [];
  const name = sanitizeLine(person);
  const mark = (is: boolean, text: string, ...steps: readonly Step[]): Part[] =>
    is ? [{ text, role: 'unread', shorter: shorter(...steps) }] : [];
  return [
    ...mark(status.theirLog, `${name} keeps a log`, ['their log, in full', 'they log'], ['their log', '']),
    ...mark(status.log, 'you keep a log', ['our log, in full', 'you log'], ['our log', '']),
    ...mark(
      status.hidden,
      'your address is hidden',
      ['that the address is hidden', 'address hidden'],
      ['the hidden address', ''],
    ),
  ];
}

/** What state the chat is in, where it isn't simply open. */
function stateParts({ status }: ChatTab, near: boolean): Part[] {
  switch (status.kind) {
    case 'asked':
      return status.ours
        ? [
            {
              text: 'waiting for an answer',
              role: 'unread',
              shorter: shorter(['what is asked', 'waiting'], ['the state', '']),
            },
          ]
        : [
            {
              text: 'asks for a private chat',
              role: 'unread',
              shorter: shorter(['what is asked', 'asks'], ['the state', '']),
            },
          ];
    case 'opening':
      return [{ text: 'opening', role: 'unread', shorter: shorter(['the state', '']) }];
    case 'open':
      return [pathPart(status.path, near)];
    case 'ended':
      return [
        {
          text: `ended: ${sanitizeLine(status.text)}`,
          role: 'dim',
          bold: true,
          shorter: shorter(['who ended it', 'ended'], ['the state', '']),
        },
      ];
  }
}

function tailPart({ status, person }: ChatTab): Part {
  const leave = (text: string): Part => ({
    text,
    role: 'dim',
    shorter: shorter(['how to leave', '/end'], ['leaving', '']),
  });
  switch (status.kind) {
    case 'asked':
      return status.ours ? leave('/end takes it back') : NO_TAIL;
    case 'opening':
    case 'open':
      return leave('/end to leave');
    case 'ended':
      return {
        text: `/private ${sanitizeLine(person)} asks again`,
        role: 'dim',
        shorter: shorter(['how to leave', '']),
      };
  }
}

export function chatWords(state: State, tab: ChatTab): HeadWords {
  const { plain, status, trust } = tab;
  const person = sanitizeLine(tab.person);
  const tail = tailPart(tab);
  const more = [...markParts(tab), ignoredPart(state, tab.person)];
  const isOver = status.kind === 'ended';
  const near = isOverLan(state, tab.person);
  if (plain) {
    // What the keys are is of no account here, but a new one is never kept quiet.
    const changed: Part[] =
      trust === 'changed'
        ? [
            {
              ...changedPart(person),
              shorter: shorter(['keeping', 'KEY CHANGED'], ['the key beside no encryption', '']),
            },
          ]
        : [];
    return { parts: [PLAIN, ...changed, ...stateParts(tab, near), ...more], tail, alarm: true };
  }
  if (trust === 'changed') {
    const was: Part = { text: 'end-to-end encrypted', role: 'dim', shorter: shorter(['what it was', '']) };
    return {
      parts: [changedPart(person), ...(isOver ? [] : [was]), ...stateParts(tab, near), ...more],
      tail,
      alarm: false,
    };
  }
  // Whether it ever was encrypted: it may have ended before it was open, and above it may stand a chat that was plain.
  if (isOver) return { parts: [...stateParts(tab, near), ...more], tail, alarm: false };
  const trusted = trustPart(trust, person);
  // Before it is open, what it waits for comes first.
  const parts =
    status.kind === 'open'
      ? [encryptedPart(), ...stateParts(tab, near), trusted, ...more]
      : [...stateParts(tab, near), encryptedPart('will be end-to-end encrypted'), trusted, ...more];
  return { parts, tail, alarm: false };
}

/** Why nothing can be written for now; undefined: it can. */
function unavailable(privates: Privates): Part | undefined {
  if (privates.kind !== 'unavailable') return undefined;
  return {
    text: `not available here: ${sanitizeLine(privates.text)}`,
    role: 'error',
    bold: true,
    shorter: shorter(['what it means', 'not available here'], ['encrypted, in full', 'unavailable']),
  };
}

/** Where a message is until it is read. */
function keptPart(state: State, person: UserName): Part {
  const said = (text: string, short: string): Part => ({
    text,
    role: 'dim',
    shorter: shorter(['how long it is kept', short], ['keeping', '']),
  });
  if (isOverLan(state, person)) {
    const isGone = state.people.get(person)?.state === 'offline';
    return isGone ? said('waits here until they are heard', 'kept here') : said('direct', 'direct');
  }
  if (isGuest(person)) return said('only while both are here', 'only while here');
  return said('the server keeps it until it is read', 'kept until read');
}

export function personWords(state: State, tab: PersonTab): HeadWords {
  const person = sanitizeLine(tab.person);
  const ignored = ignoredPart(state, tab.person);
  const parts = [encryptedPart(), keptPart(state, tab.person)];
  if (tab.trust === 'changed') {
    const rest = parts.map((part): Part => ({ ...part, role: 'dim', shorter: shorter(['what it was', '']) }));
    return { parts: [changedPart(person), ...rest, ignored], tail: NO_TAIL, alarm: false };
  }
  const off = unavailable(state.privates);
  if (off !== undefined) return { parts: [off, ignored], tail: NO_TAIL, alarm: false };
  return { parts: [...parts, trustPart(tab.trust, person), ignored], tail: NO_TAIL, alarm: false };
}
