/**
 * What two programs say to each other over a link, each frame a line of JSON. The key is the frame's `type`; README.md is
 * made complete by a test over this table.
 */
import * as f from '../../protocol/fields.ts';
import { MAX_FRAME_BYTES } from '../../protocol/limits.ts';
import { privateFrame } from '../../protocol/private-frames.ts';
import { type Infer, integer, list, literal, object, optional, pattern, text, variant } from '../../protocol/schema.ts';
import { MAX_DATAGRAM_BYTES } from '../limits.ts';

/** Entries of the lobby in one frame: of the longest, a few; the bytes of the frame end it earlier. */
export const MAX_ENTRIES_IN_FRAME = 100;
/** Characters of an entry of the lobby, at the worst: every byte of a text escaped twice. */
const MAX_ENTRY_CHARS = 60_000;
const base64url = (max: number): RegExp => new RegExp(`^[A-Za-z0-9_-]{1,${max}}$`);

/** An entry of the lobby: `said` is JSON, exactly as its author has signed it. */
const entry = object({ device: f.device, said: text(1, MAX_ENTRY_CHARS), signature: f.signature });
/** SHA-256 of all that a lobby holds, base64url: where two are equal, nothing need be said. */
const digest = pattern<string>(/^[A-Za-z0-9_-]{43}$/, 'a digest: 32 bytes in base64url');

/** The first of either side: an announcement of this very run, which names the pin that TLS has proved. */
const hello = object({
  type: literal('hello'),
  version: integer(1, 1000),
  announcement: pattern<string>(base64url(Math.ceil((MAX_DATAGRAM_BYTES * 4) / 3)), 'an announcement, base64url'),
});
/** I am there; answered by `pong`. `lobby`: the digest of what one holds. */
const ping = object({ type: literal('ping'), lobby: optional(digest) });
const pong = object({ type: literal('pong'), lobby: optional(digest) });
/** I am leaving. */
const bye = object({ type: literal('bye') });
/** Entries of the lobby: said just now, or asked for. */
const lobby = object({ type: literal('lobby'), entries: list(entry, MAX_ENTRIES_IN_FRAME) });
/** What I hold, 8 bytes of each entry's hash: answered by `lobby` with all that is not among them, in as many frames as it takes. */
const held = object({ type: literal('held'), entries: text(0, MAX_FRAME_BYTES - 1024), more: optional(literal(true)) });
/** Somebody writes: in the lobby. */
const typing = object({ type: literal('typing') });
/** A frame of a private chat. Refused by `refused` under the same `id`. */
const private_ = object({ type: literal('private'), id: optional(f.id), frame: privateFrame });
/** A sealed message; answered by `mailed` when it is on the disk, or by `refused`. Safe to send again. */
const mail = object({ type: literal('mail'), id: f.id, sealed: f.sealed });
const mailed = object({ type: literal('mailed'), id: f.id, time: f.time });
/** A key package of yours, for one who wants to write to you first; answered by `package`. */
const claim = object({ type: literal('claim'), id: f.id });
/** Without a package: there is none left. */
const package_ = object({ type: literal('package'), id: f.id, package: optional(f.keyPackage) });
/** What was asked under `id` was not done. `code`: of the protocol's. */
const refused = object({
  type: literal('refused'),
  id: optional(f.id),
  code: pattern<string>(/^[a-z][a-z0-9_]{0,47}$/, 'a code of the protocol'),
});

export const LAN_FRAMES = {
  hello,
  ping,
  pong,
  bye,
  lobby,
  held,
  typing,
  private: private_,
  mail,
  mailed,
  claim,
  package: package_,
  refused,
};

type Table = typeof LAN_FRAMES;
export type LanFrames = { [K in keyof Table]: Infer<Table[K]> };
export type LanFrame = LanFrames[keyof Table];
export const lanFrame = variant('type', LAN_FRAMES);
/** An entry of the lobby as it travels, and as it is stored. */
export type SignedEntry = Infer<typeof entry>;
