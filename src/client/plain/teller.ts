/**
 * What has happened since it was told last, as lines: each message once, each change of it, and whatever the full screen
 * would show somewhere else. Nothing is ever told again because something else has moved.
 */
import type { ClientId, Seq } from '../../base/ids.ts';
import { sanitizeLine } from '../../base/text/sanitize.ts';
import { activeTab, tabName } from '../core/lookup.ts';
import type { LogEntry, MessageEntry } from '../core/message-log.ts';
import type { Search } from '../core/search-state.ts';
import type { Pending, State, Tab } from '../core/state.ts';
import { changeLines } from './changes.ts';
import { connectionLine } from './connection-words.ts';
import { entryLines, shortText } from './entry.ts';
import { overlayLines, searchEnd, searchLines } from './overlay-lines.ts';
import { headWords, hereWords, placeWords } from './place.ts';
import { requestLines } from './request-lines.ts';

/** Messages of a tab that are told at first: where all of it was read before, and of what is unread. */
const FIRST_LINES = { read: 10, unread: 100 } as const;
/** Messages of ours that are remembered as written here: as many as can be on their way, many times over. */
const MAX_OURS = 1000;
/** Messages of a tab whose changes are told. */
const MAX_WATCHED = 500;
/** Milliseconds after which a message of ours that isn't acknowledged is said to be on its way. */
const SLOW_MS = 2000;

interface Told {
  /** The newest message and the newest line that were told; undefined: nothing yet. */
  last: Seq | undefined;
  key: number;
  /** The oldest message that was told. */
  first: Seq | undefined;
  /** How many are told at first, where that was asked for. */
  expected: number | undefined;
  version: number;
  messages: Map<Seq, MessageEntry>;
  /** Of a room where messages may come late: those that were here when it was looked at last. */
  held: ReadonlySet<string>;
  head: string;
  status: string;
  /** Ours that are on their way or refused: what was said of them. */
  readonly waits: Map<ClientId, 'wait' | 'refused'>;
  /** It was said that some wait. */
  isSlow: boolean;
}

export class Teller {
  readonly #tabs = new WeakMap<Tab, Told>();
  /** Messages that were written here, so whoever wrote them knows them. */
  readonly #ours = new Set<ClientId>();
  #open: readonly Tab[] = [];
  #active: Tab | undefined;
  #connection = '';
  #wasOnline = false;
  #hint: State['hint'];
  /** A line was written since the last hint: it is told even if it is the same once more. */
  #isAsked = false;
  #overlay: State['overlay'];
  #search: Search | undefined;
  #hits = 0;
  #ended = '';

  /** @param now wall clock, Unix ms. */
  take(state: State, now: number): string[] {
    return [
      ...this.#connectionLines(state),
      ...this.#tabLines(state, now),
      ...this.#activeLines(state),
      ...this.#overlayLines(state),
      ...this.#searchLines(state),
      ...this.#hintLines(state),
    ].map((line) => line.trimEnd());
  }

  /** What is held of a tab and wasn't told, since it is older: the newest of it, oldest first. @returns none where all was told. */
  older(state: State, tab: Tab, count: number): string[] {
    const told = this.#toldOf(tab);
    const { first } = told;
    if (first === undefined || count < 1) return [];
    const held = tab.log.entries.filter(
      (entry): entry is MessageEntry => entry.kind === 'message' && entry.seq < first,
    );
    const page = held.slice(-count);
    told.first = page[0]?.seq ?? first;
    return page.flatMap((entry) => this.#entry(state, tab, entry));
  }

  /** A line was written, to which there may be something to say. */
  lineCame(): void {
    this.#isAsked = true;
  }

  /** Whether anything of it was told. */
  knows(tab: Tab): boolean {
    return this.#toldOf(tab).first !== undefined;
  }

  /** So many messages of it are told when its first ones come. */
  expect(tab: Tab, count: number): void {
    this.#toldOf(tab).expected = count;
  }

  #toldOf(tab: Tab): Told {
    const known = this.#tabs.get(tab);
    // All of it was removed, or the room is another one of that name.
    if (known?.last !== undefined && tab.log.last < known.last) {
      Object.assign(known, { last: undefined, first: undefined, messages: new Map<Seq, MessageEntry>() });
    }
    if (known !== undefined) return known;
    const fresh: Told = {
      last: undefined,
      key: Number.NEGATIVE_INFINITY,
      first: undefined,
      expected: undefined,
      version: -1,
      messages: new Map(),
      held: new Set(),
      head: '',
      status: '',
      waits: new Map(),
      isSlow: false,
    };
    this.#tabs.set(tab, fresh);
    return fresh;
  }

  #connectionLines(state: State): string[] {
    const line = connectionLine(state);
    const { kind } = state.connection;
    // One try after another is no news.
    if (line === this.#connection || (kind === 'connecting' && this.#connection !== '')) return [];
    this.#connection = line;
    const isFirst = kind === 'online' && !this.#wasOnline;
    this.#wasOnline ||= kind === 'online';
    return [isFirst ? `${line}, in ${tabName(activeTab(state))}; /help lists the commands` : line];
  }

  #tabLines(state: State, now: number): string[] {
    const closed = this.#open.filter((tab) => !state.tabs.includes(tab));
    this.#open = [...state.tabs];
    return [
      ...closed.map((tab) => `${tabName(tab)} is closed`),
      ...state.tabs.flatMap((tab) => [
        ...this.#headLines(state, tab),
        ...this.#logLines(state, tab),
        ...this.#pendingLines(state, tab, now),
        ...this.#requestLines(tab),
      ]),
    ];
  }

  /** Who can read what is written in private; it is told before the first line, and whenever it is another. */
  #headLines(state: State, tab: Tab): string[] {
    if (tab.kind === 'room') return [];
    const told = this.#toldOf(tab);
    const head = headWords(state, tab);
    if (head === told.head) return [];
    told.head = head;
    return head === '' ? [] : [head];
  }

  #logLines(state: State, tab: Tab): string[] {
    const told = this.#toldOf(tab);
    const { log } = tab;
    if (told.version === log.version) return [];
    told.version = log.version;
    return [...this.#changeLines(state, tab, told), ...this.#newLines(state, tab, told)];
  }

  #changeLines(state: State, tab: Tab, told: Told): string[] {
    const lines: string[] = [];
    for (const [seq, before] of told.messages) {
      const now = tab.log.find(seq);
      if (now === undefined || now === before) continue;
      told.messages.set(seq, now);
      // Another one has come to stand there.
      if (nameOf(now) !== nameOf(before)) continue;
      lines.push(...changeLines(state, before, now).map((line) => placeWords(state, tab) + line));
    }
    return lines;
  }

  #newLines(state: State, tab: Tab, told: Told): string[] {
    const { entries, last } = tab.log;
    const isSparse = tab.kind === 'room' && tab.sparse;
    const isFirst = told.last === undefined;
    const before = told.last;
    const fresh = entries.filter((entry) => (isSparse ? this.#isUntold(entry, told) : this.#isNew(entry, told)));
    if (isSparse) told.held = new Set(entries.flatMap((entry) => (entry.kind === 'message' ? [nameOf(entry)] : [])));
    for (const entry of fresh) told.key = Math.max(told.key, entry.key);
    // An empty room has no end yet: the first page may be on its way.
    if (!isFirst || fresh.some(({ kind }) => kind === 'message')) told.last = last;
    const messages = fresh.filter((entry): entry is MessageEntry => entry.kind === 'message');
    const [oldest] = messages;
    const skipped = isFirst ? Math.max(0, messages.length - firstCount(tab, messages, told.expected)) : 0;
    const start = messages[skipped];
    const shown = skipped === 0 || start === undefined ? fresh : fresh.slice(fresh.indexOf(start));
    const firstShown = shown.find((entry): entry is MessageEntry => entry.kind === 'message');
    told.first ??= firstShown?.seq;
    const older = isFirst && firstShown !== undefined ? olderLines(tab, firstShown, messages) : [];
    const isGap =
      before !== undefined && oldest !== undefined && oldest.seq > before + 1 && tab.kind === 'room' && !isSparse;
    const gap = isGap ? [`${placeWords(state, tab)}messages before these were missed: /history shows them`] : [];
    const place = placeWords(state, tab);
    return [...older.map((line) => place + line), ...gap, ...shown.flatMap((entry) => this.#entry(state, tab, entry))];
  }

  #isNew(entry: LogEntry, { last, key }: Told): boolean {
    return entry.kind === 'message' ? last === undefined || entry.seq > last : entry.key > key;
  }

  /** Where messages may come late, and may come to stand elsewhere: it wasn't here before. */
  #isUntold(entry: LogEntry, told: Told): boolean {
    if (entry.kind !== 'message' || told.last === undefined) return this.#isNew(entry, told);
    return (told.first === undefined || entry.seq > told.first) && !told.held.has(nameOf(entry));
  }

  #entry(state: State, tab: Tab, entry: LogEntry): string[] {
    const told = this.#toldOf(tab);
    if (entry.kind === 'message') {
      told.messages.set(entry.seq, entry);
      const [oldest] = told.messages.keys();
      if (told.messages.size > MAX_WATCHED && oldest !== undefined) told.messages.delete(oldest);
      if (entry.id !== undefined && this.#ours.delete(entry.id)) {
        const waited = told.waits.get(entry.id) === 'wait';
        told.waits.delete(entry.id);
        return waited ? [`${placeWords(state, tab)}sent: ${shortText(entry.text)}`] : [];
      }
    }
    const place = placeWords(state, tab);
    return entryLines(state, tab, entry).map((line, index) => (index === 0 ? place + line : line));
  }

  #pendingLines(state: State, tab: Tab, now: number): string[] {
    const told = this.#toldOf(tab);
    const there = new Set(tab.pending.map(({ id }) => id));
    told.isSlow &&= tab.pending.some(({ state: { kind } }) => kind !== 'refused');
    for (const [id, said] of told.waits) {
      if (there.has(id) || said === 'wait') continue;
      // It was given up.
      told.waits.delete(id);
      this.#ours.delete(id);
    }
    return tab.pending.flatMap((pending) => {
      const { id } = pending;
      if (!this.#ours.has(id)) this.#remember(id);
      const kind = pending.state.kind === 'refused' ? 'refused' : 'wait';
      const words = pendingWords(pending, now);
      if (words === undefined || told.waits.get(id) === kind) return [];
      // One stands for all that wait with it.
      if (kind === 'wait' && told.isSlow) return [];
      told.isSlow ||= kind === 'wait';
      told.waits.set(id, kind);
      return [`${placeWords(state, tab)}${words}`];
    });
  }

  #remember(id: ClientId): void {
    this.#ours.add(id);
    const [oldest] = this.#ours;
    if (this.#ours.size > MAX_OURS && oldest !== undefined) this.#ours.delete(oldest);
  }

  /** Somebody asks for a private chat. */
  #requestLines(tab: Tab): string[] {
    if (tab.kind !== 'chat') return [];
    const told = this.#toldOf(tab);
    const status = `${tab.chat} ${tab.status.kind}`;
    if (status === told.status) return [];
    told.status = status;
    return requestLines(tab);
  }

  #activeLines(state: State): string[] {
    const tab = activeTab(state);
    const before = this.#active;
    this.#active = tab;
    return before === undefined || before === tab ? [] : [`now in ${hereWords(state, tab)}`];
  }

  #overlayLines(state: State): string[] {
    if (state.overlay === this.#overlay) return [];
    this.#overlay = state.overlay;
    return overlayLines(state);
  }

  #searchLines({ search }: State): string[] {
    if (search === undefined) return [];
    if (search !== this.#search) {
      this.#search = search;
      this.#hits = 0;
      this.#ended = '';
    }
    const lines = searchLines(search, this.#hits);
    this.#hits = search.hits.length;
    const ended = searchEnd(search);
    const key = ended === undefined ? '' : `${ended} ${this.#hits}`;
    const isNews = ended !== undefined && key !== this.#ended;
    this.#ended = key;
    return isNews ? [...lines, ended] : lines;
  }

  #hintLines({ hint }: State): string[] {
    if (hint === this.#hint) return [];
    const isSame = hint !== undefined && hint.text === this.#hint?.text && !this.#isAsked;
    this.#hint = hint;
    this.#isAsked = false;
    return hint === undefined || isSame ? [] : [`${hint.bad ? '! ' : ''}${sanitizeLine(hint.text)}`];
  }
}

/** Of a message, wherever it stands. */
const nameOf = ({ from, id, seq }: MessageEntry): string => `${from} ${id ?? seq}`;

/** How many of the first messages of a tab are told. */
function firstCount({ unreadFrom }: Tab, messages: readonly MessageEntry[], expected: number | undefined): number {
  if (expected !== undefined) return expected;
  if (unreadFrom === undefined) return FIRST_LINES.read;
  return Math.min(FIRST_LINES.unread, messages.filter(({ seq }) => seq >= unreadFrom).length);
}

/** What there is before the first message that is told. */
function olderLines(tab: Tab, { seq: first }: MessageEntry, held: readonly MessageEntry[]): string[] {
  const { kind, log, unreadFrom } = tab;
  const isBefore = held[0] !== undefined && held[0].seq < first;
  if (!isBefore && (kind === 'chat' || log.older === 'none')) return [];
  // Also those that are not held.
  const isCounted = tab.kind === 'room' && !tab.sparse;
  const unread = unreadFrom === undefined || !isCounted ? 0 : Math.max(0, first - unreadFrom);
  const what = unread === 0 ? 'there are older messages' : `${unread} unread messages stand before these`;
  return [`${what}: /history tells them`];
}

/** What is to be said of a message of ours that hasn't arrived; undefined: nothing yet. */
function pendingWords({ state, text, time }: Pending, now: number): string | undefined {
  switch (state.kind) {
    case 'refused':
      return `! not sent: ${shortText(text)}: ${sanitizeLine(state.text)} (/retry sends it again, /discard forgets it)`;
    case 'waiting':
    case 'sending':
      return now - time < SLOW_MS ? undefined : `not sent yet: ${shortText(text)}`;
  }
}
