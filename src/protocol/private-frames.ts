/**
 * What the two sides of a private chat say to each other: over the server (inside `private`), over a direct connection
 * (each a line of its own), later over the local network. The server passes it on and looks at `kind` alone. The key is the
 * frame's `kind`; README.md is made complete by a test over this table.
 */
import * as f from './fields.ts';
import { MAX_ITEM_BYTES } from './limits.ts';
import { flag, type Infer, integer, literal, object, optional, text, variant } from './schema.ts';

/** May we talk? `package`: the asker's key package, made for this chat only. With `plain` nothing will be encrypted. */
const ask = object({
  kind: literal('ask'),
  chat: f.group,
  from: f.device,
  package: optional(f.keyPackage),
  plain: optional(flag),
});
/** Yes. `welcome` invites the asker into the chat's group, which the answerer has made; a plain chat has none. */
const accept = object({
  kind: literal('accept'),
  chat: f.group,
  from: f.device,
  welcome: optional(f.welcome),
  plain: optional(flag),
});
/** No. */
const reject = object({ kind: literal('reject'), chat: f.group });
/** The asker to all devices of the one who was asked: it is over before it began, or `device` has answered. */
const withdrawn = object({ kind: literal('withdrawn'), chat: f.group, device: optional(f.device) });
/** The sender knows nothing of this chat, or no more: its program has ended meanwhile. */
const gone = object({ kind: literal('gone'), chat: f.group });
/** The next item of the sender's stream, sealed. */
const sealed = object({ kind: literal('sealed'), chat: f.group, seq: integer(1), message: f.ciphertext });
/** The next item of the sender's stream in a chat that both have agreed to have in plain text. */
const plain = object({ kind: literal('plain'), chat: f.group, seq: integer(1), item: text(1, MAX_ITEM_BYTES) });

export const PRIVATE_FRAMES = { ask, accept, reject, withdrawn, gone, sealed, plain };

type Table = typeof PRIVATE_FRAMES;
export type PrivateFrames = { [K in keyof Table]: Infer<Table[K]> };
export type PrivateFrame = PrivateFrames[keyof Table];
export const privateFrame = variant('kind', PRIVATE_FRAMES);
