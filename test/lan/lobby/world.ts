/** Lobbies of several people in memory, with signatures that cost nothing, and a clock each. */
import { createHash } from 'node:crypto';
import type { ClientId, DeviceId, Seq, UnixMs, UserName } from '../../../src/base/ids.ts';
import { createLobby } from '../../../src/lan/lobby/create-lobby.ts';
import type { Lobby, LobbyNews, Taken } from '../../../src/lan/lobby/lobby.ts';
import type { SignedEntry } from '../../../src/lan/mesh/frames.ts';
import { LOBBY } from '../../../src/protocol/names.ts';
import type { HistoryEntry } from '../../../src/protocol/server-messages.ts';

/** 2026-11-20 09:00 UTC. */
export const START = 1_795_165_200_000;

const sha = (text: string): Buffer => createHash('sha256').update(text).digest();

export const deviceOf = (name: string): DeviceId => sha(`key of ${name}`).toString('base64url') as DeviceId;
const sign = (device: DeviceId, said: string): string =>
  createHash('sha512').update(`${device} ${said}`).digest('base64url');

export const entryOf = (name: string, said: object): SignedEntry => {
  const [device, text] = [deviceOf(name), JSON.stringify(said)];
  return { device, said: text, signature: sign(device, text) };
};

export const id = (text: string): ClientId => text as ClientId;
export const at = (seq: number): Seq => seq as Seq;

export interface Person {
  readonly name: string;
  readonly lobby: Lobby;
  /** Milliseconds since 1970; the test moves it. */
  now: number;
  /** What was taken or said, and not dropped. */
  readonly disk: Map<string, SignedEntry>;
  readonly news: LobbyNews[];
  verified: number;
  note(taken: Taken): Taken;
  take(entries: readonly SignedEntry[]): Taken;
  say(text: string, re?: Seq): SignedEntry;
}

interface More {
  readonly now?: number;
  /** Values of the hash that gives places; undefined: all. */
  readonly ties?: number;
}

let ids = 0;

export function person(name: string, { now = START, ties }: More = {}): Person {
  const device = deviceOf(name);
  const lobby = createLobby({
    device,
    name: () => name,
    now: () => one.now as UnixMs,
    sign: (said) => sign(device, said),
    verify: (entry) => {
      one.verified += 1;
      return entry.signature === sign(entry.device, entry.said);
    },
    hash: (text) => {
      const bytes = sha(text);
      return ties !== undefined && text.startsWith('place ') ? Uint8Array.of(0, (bytes[0] ?? 0) % ties) : bytes;
    },
    userOf: (of, called) => `${called}-${of.slice(0, 4).replaceAll('-', '_')}` as UserName,
    room: LOBBY,
  });
  const one: Person = {
    name,
    lobby,
    now,
    disk: new Map(),
    news: [],
    verified: 0,
    note(taken) {
      for (const entry of taken.fresh) one.disk.set(`${entry.device}.${entry.signature}`, entry);
      for (const key of taken.dropped) if (!one.disk.delete(key)) throw new Error('dropped what was never fresh');
      if (taken.fresh.some((entry) => taken.dropped.includes(`${entry.device}.${entry.signature}`)))
        throw new Error('one and the same is fresh and dropped');
      one.news.push(...taken.news);
      return taken;
    },
    take: (entries) => one.note(lobby.take(entries)),
    say(text, re) {
      ids += 1;
      const said = lobby.say({ id: id(`m-${ids}`), text, re });
      if (!said.ok) throw new Error(said.error.text);
      const [entry] = one.note(said.value).fresh;
      if (entry === undefined) throw new Error('nothing was said');
      return entry;
    },
  };
  return one;
}

/** All pages, oldest first, without what each host counts for itself. */
export function all(lobby: Lobby): Omit<HistoryEntry, 'rev'>[] {
  const messages: Omit<HistoryEntry, 'rev'>[] = [];
  for (let since = 0; ; ) {
    const page = lobby.page({ since: at(since) });
    if ('code' in page) throw new Error(page.text);
    for (const { rev: _, ...message } of page.messages) messages.push(message);
    const next = page.messages.at(-1)?.seq ?? since;
    if (!page.more) return messages;
    if (next <= since) throw new Error('the pages lead nowhere');
    since = next;
  }
}

export const texts = (lobby: Lobby): string[] => all(lobby).map(({ text }) => text);

/** Each tells the other what they hold, and gets what they lack. @returns how many entries were new to either. */
export function exchange(a: Person, b: Person): number {
  let fresh = 0;
  for (const list of a.lobby.missing(b.lobby.held())) fresh += b.take(list).fresh.length;
  for (const list of b.lobby.missing(a.lobby.held())) fresh += a.take(list).fresh.length;
  return fresh;
}

/** A new program on the same disk. */
export function restarted(before: Person, more: More = {}): Person {
  const again = person(before.name, { now: before.now, ...more });
  for (const [key, entry] of before.disk) again.disk.set(key, entry);
  again.note(again.lobby.load([...before.disk.values()]));
  return again;
}

/** What our programs hold that were told all of it, and nothing else. */
export function told(news: readonly LobbyNews[]): Omit<HistoryEntry, 'rev'>[] {
  const log = new Map<number, HistoryEntry>();
  for (const one of news) {
    if (one.kind === 'message') {
      const { type: _type, to: _to, ...message } = one.message;
      log.set(message.seq, message);
      continue;
    }
    const { seq, text, edited, deleted, reactions } = one.changed;
    const held = log.get(seq);
    if (held === undefined) continue;
    const { reactions: before, ...rest } = held;
    const now = reactions ?? before;
    if (deleted === true) log.set(seq, { ...without(rest), text: '', deleted: true });
    else
      log.set(seq, {
        ...rest,
        ...(text === undefined ? {} : { text }),
        ...(edited === undefined ? {} : { edited }),
        ...(now === undefined || now.length === 0 ? {} : { reactions: now }),
      });
  }
  return [...log.values()].toSorted((a, b) => a.seq - b.seq);
}

const without = ({ edited: _edited, re: _re, ...rest }: HistoryEntry): HistoryEntry => rest;
