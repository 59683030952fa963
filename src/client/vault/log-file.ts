/** What one has said with one person, in a file. Its name tells nobody who it is. */
import { closeSync, fdatasyncSync, fstatSync, fsyncSync, ftruncateSync, openSync, readSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ClientId, UserName } from '../../base/ids.ts';
import { openRecord, RECORD_OVERHEAD, sealRecord } from '../../crypto/sealed-record.ts';
import { CHANGEABLE_AMONG, KNOWN_AMONG, type LogPage, type LogRecord, type PlacedRecord } from '../../peer/vault.ts';
import * as fields from '../../protocol/fields.ts';
import { parse } from '../../protocol/schema.ts';
import { isErrno, syncFolder } from '../shell/files.ts';
import { toVaultError, VaultError } from './fault.ts';
import { createFile, writeAll } from './files.ts';
import {
  type Edge,
  encodeFrame,
  endOf,
  FRAME_OVERHEAD,
  type Frame,
  FrameReader,
  type LogSeal,
  sealedFrom,
} from './log-frames.ts';
import { decodeRecord, encodeBlank, encodeRecord } from './log-record.ts';

/** Begins every log; behind it the version of the form, 32 bits. */
const MAGIC = Buffer.from('uchatlog');
const VERSION = 1;
/** Bytes that the person's name fills, whoever it is. */
const NAME_BYTES = 64;
/** The head's place among the records of its file: none of theirs. */
const HEAD_PLACE = Number.MAX_SAFE_INTEGER;
export const HEAD_BYTES = MAGIC.length + 4 + NAME_BYTES + RECORD_OVERHEAD;
/** Every so many records it is remembered where one ends, so that far pages are found without reading all up to them. */
const EDGE_EVERY = 256;

function encodeHead(seal: LogSeal, person: UserName): Buffer {
  const name = Buffer.alloc(NAME_BYTES);
  name.write(person);
  const version = Buffer.alloc(4);
  version.writeUInt32BE(VERSION);
  return Buffer.concat([MAGIC, version, sealRecord(seal.key, { file: seal.file, position: HEAD_PLACE }, name)]);
}

/** Whose log this is. @returns undefined where the head was changed, or is another file's. */
export function decodeHead(seal: LogSeal, head: Uint8Array): UserName | undefined {
  const sealed = head.subarray(MAGIC.length + 4, HEAD_BYTES);
  const name = openRecord(seal.key, { file: seal.file, position: HEAD_PLACE }, sealed);
  if (name === undefined) return undefined;
  const parsed = parse(fields.user, Buffer.from(name).toString('utf8').replace(/\0+$/, ''));
  return parsed.ok ? parsed.value : undefined;
}

/** A head that is no head tells nothing; what is behind it may be whole. */
function refuseNewer(file: number, path: string): void {
  const head = Buffer.alloc(MAGIC.length + 4);
  readSync(file, head, 0, head.length, 0);
  if (head.subarray(0, MAGIC.length).equals(MAGIC) && head.readUInt32BE(MAGIC.length) > VERSION)
    throw new VaultError('newer', `${path} was written by a newer uchat: install the newer uchat`);
}

/** What was written of a record that couldn't be written whole must not come back. */
function cutBack(file: number, end: number): void {
  try {
    ftruncateSync(file, end);
    fsyncSync(file);
  } catch {
    // The disk is in a bad way. When the file is looked at again, what isn't whole is cut off.
  }
}

/** What is remembered of the file between calls; it is looked at anew where its size isn't this one. */
interface Known {
  /** Where the last record ends, and the place that the next one gets. */
  last: Edge;
  readonly edges: Map<number, number>;
  /** Of the newest `depth` records that can be read, oldest first. */
  newest: Map<string, Frame> | undefined;
  depth: number;
}

const keyOf = (from: UserName, id: ClientId): string => `${from} ${id}`;

export class LogFile {
  readonly #path: string;
  readonly #person: UserName;
  readonly #seal: LogSeal;
  /** Another program may be adding to it: nothing is mended, and what isn't whole yet isn't seen. */
  readonly #readOnly: boolean;
  #known: Known | undefined;

  constructor(path: string, person: UserName, seal: LogSeal, readOnly = false) {
    this.#path = path;
    this.#person = person;
    this.#seal = seal;
    this.#readOnly = readOnly;
  }

  append(record: LogRecord): boolean {
    const plain = encodeRecord(record);
    const add = () => this.#create(record, plain) ?? this.#with((file, known) => this.#append(file, known, record));
    // Somebody has removed the file while we knew it: then it is made anew.
    const added = add() ?? add();
    if (added === undefined) throw new VaultError('failed', `could not use ${this.#path} (it comes and goes)`);
    return added;
  }

  /** @param among so many records, from the newest. */
  find(from: UserName, id: ClientId, among = KNOWN_AMONG): LogRecord | undefined {
    return this.#with((file, known) => {
      const reader = this.#reader(file);
      const frame = this.#newest(reader, known, keyOf(from, id), among).get(keyOf(from, id));
      const plain = frame && reader.open(frame);
      return plain && decodeRecord(plain);
    });
  }

  /**
   * Overwrites a message's text, in its place in the file and without its length becoming another. A crash in the middle
   * leaves a record that nobody can read: the text is gone, too.
   */
  blank(from: UserName, id: ClientId): void {
    this.#with((file, known) => {
      const reader = this.#reader(file);
      const key = keyOf(from, id);
      const frame = this.#newest(reader, known, key, CHANGEABLE_AMONG).get(key);
      const plain = frame && reader.open(frame);
      const record = plain && decodeRecord(plain);
      if (frame === undefined || record === undefined) return;
      const blank = encodeBlank(record, frame.length - RECORD_OVERHEAD);
      const sealed = sealRecord(this.#seal.key, { file: this.#seal.file, position: frame.place }, blank);
      writeAll(file, sealed, sealedFrom(frame));
      fdatasyncSync(file);
    });
  }

  page(before: number | undefined, limit: number): LogPage {
    const page = this.#with((file, known) => this.#page(this.#reader(file), known, before, limit));
    return page ?? { records: [], more: false, damaged: 0 };
  }

  /** Records, those that can't be read included. */
  count(): number {
    return this.#with((_, known) => known.last.place) ?? 0;
  }

  /** @returns undefined where the file is there already. */
  #create(record: LogRecord, plain: Uint8Array): true | undefined {
    if (this.#known !== undefined) return undefined;
    const head = encodeHead(this.#seal, this.#person);
    const frame = this.#frame(0, plain);
    try {
      createFile(this.#path, Buffer.concat([head, frame]));
      syncFolder(dirname(this.#path));
    } catch (error) {
      if (isErrno(error, 'EEXIST')) return undefined;
      throw toVaultError(error, this.#path);
    }
    const first = { start: HEAD_BYTES, place: 0, length: frame.length - FRAME_OVERHEAD };
    const newest = new Map([[keyOf(record.from, record.id), first]]);
    this.#known = { last: { end: endOf(first), place: 1 }, edges: new Map(), newest, depth: KNOWN_AMONG };
    return true;
  }

  #append(file: number, known: Known, record: LogRecord): boolean {
    const newest = this.#newest(this.#reader(file), known);
    const key = keyOf(record.from, record.id);
    if (newest.has(key)) return false;
    const { end, place } = known.last;
    const { re } = record;
    const reAt = re === undefined ? undefined : newest.get(keyOf(re.from, re.id))?.place;
    const bytes = this.#frame(place, encodeRecord({ ...record, reAt }));
    try {
      writeAll(file, bytes, end);
      fdatasyncSync(file);
    } catch (error) {
      this.#known = undefined;
      cutBack(file, end);
      throw error;
    }
    const frame = { start: end, place, length: bytes.length - FRAME_OVERHEAD };
    newest.set(key, frame);
    for (const oldest of newest.keys()) {
      if (newest.size <= known.depth) break;
      newest.delete(oldest);
    }
    this.#step(known, { end: endOf(frame), place: place + 1 });
    known.last = { end: endOf(frame), place: place + 1 };
    return true;
  }

  #frame(place: number, plain: Uint8Array): Buffer {
    const { key, file } = this.#seal;
    return encodeFrame(place, sealRecord(key, { file, position: place }, plain));
  }

  #page(reader: FrameReader, known: Known, before: number | undefined, limit: number): LogPage {
    const target = Math.max(0, Math.min(before ?? known.last.place, known.last.place));
    const records: PlacedRecord[] = [];
    let damaged = 0;
    // Places below this one are still to be looked at.
    let below = target;
    let edge = this.#edgeAbove(known, target);
    while (records.length < limit && below > 0) {
      const frame = reader.before(edge);
      const place = frame?.place ?? -1;
      if (place < target) damaged += below - 1 - place;
      if (frame === undefined) return { records: records.toReversed(), more: false, damaged };
      edge = { end: frame.start, place };
      this.#step(known, { end: endOf(frame), place: place + 1 });
      if (place >= target) continue;
      below = place;
      const plain = reader.open(frame);
      const record = plain && decodeRecord(plain);
      if (record === undefined) damaged += 1;
      else records.push({ ...record, at: place });
    }
    return { records: records.toReversed(), more: below > 0, damaged };
  }

  #step({ edges }: Known, { end, place }: Edge): void {
    if (place % EDGE_EVERY === 0) edges.set(place, end);
  }

  /** The nearest edge from which a place is reached backwards. */
  #edgeAbove({ last, edges }: Known, target: number): Edge {
    for (let place = Math.ceil(target / EDGE_EVERY) * EDGE_EVERY; place < last.place; place += EDGE_EVERY) {
      const end = edges.get(place);
      if (end !== undefined) return { end, place };
    }
    return last;
  }

  /** Read once, when something is to be added or found; once more where what is looked for must be older. */
  #newest(reader: FrameReader, known: Known, wanted?: string, among = KNOWN_AMONG): Map<string, Frame> {
    const { newest } = known;
    if (newest !== undefined) {
      const isAll = known.depth >= among || newest.size >= known.last.place;
      if (isAll || wanted === undefined || newest.has(wanted)) return newest;
    }
    // Most logs are never searched that far.
    known.depth = newest === undefined ? known.depth : among;
    const found: [string, Frame][] = [];
    let edge = known.last;
    while (found.length < known.depth) {
      const frame = reader.before(edge);
      if (frame === undefined) break;
      edge = { end: frame.start, place: frame.place };
      const plain = reader.open(frame);
      const record = plain && decodeRecord(plain);
      if (record !== undefined) found.push([keyOf(record.from, record.id), frame]);
    }
    const read = (known.newest = new Map(found.toReversed()));
    return wanted === undefined || known.depth >= among ? read : this.#newest(reader, known, wanted, among);
  }

  #reader(file: number): FrameReader {
    return new FrameReader(file, this.#seal, HEAD_BYTES);
  }

  /** @returns undefined where there is no log. */
  #with<T>(work: (file: number, known: Known) => T): T | undefined {
    try {
      const file = openSync(this.#path, this.#readOnly ? 'r' : 'r+');
      try {
        return work(file, this.#look(file));
      } finally {
        closeSync(file);
      }
    } catch (error) {
      if (isErrno(error, 'ENOENT')) {
        this.#known = undefined;
        return undefined;
      }
      throw toVaultError(error, this.#path);
    }
  }

  #look(file: number): Known {
    const { size } = fstatSync(file);
    if (this.#known?.last.end === size) return this.#known;
    const last = this.#mend(file, size);
    this.#known = { last, edges: new Map(), newest: undefined, depth: KNOWN_AMONG };
    return this.#known;
  }

  /**
   * A crash in the middle of an append leaves a part of a record, which was never acknowledged: it is cut off. A record
   * that is as long as it says it is was written whole, and what is wrong with it came later: it stays, as damaged.
   */
  #mend(file: number, size: number): Edge {
    if (size < HEAD_BYTES) return this.#readOnly ? { end: HEAD_BYTES, place: 0 } : this.#newHead(file);
    refuseNewer(file, this.#path);
    const reader = this.#reader(file);
    const last = reader.search(size, Number.POSITIVE_INFINITY);
    const good = last === undefined ? { end: HEAD_BYTES, place: 0 } : { end: endOf(last), place: last.place + 1 };
    const edge = reader.wholeFrom(good, size);
    if (edge.end < size && !this.#readOnly) {
      ftruncateSync(file, edge.end);
      fsyncSync(file);
    }
    return edge;
  }

  #newHead(file: number): Edge {
    ftruncateSync(file, 0);
    writeAll(file, encodeHead(this.#seal, this.#person), 0);
    fsyncSync(file);
    return { end: HEAD_BYTES, place: 0 };
  }
}
