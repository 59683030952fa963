/**
 * What is inside a sealed message: a head of JSON on one line, a newline, and the text as it is. What they mean stands in
 * README.md, which is made complete by a test over this table.
 */
import { err, ok, type Result } from '../base/result.ts';
import * as f from '../protocol/fields.ts';
import { MAX_ITEM_BYTES } from '../protocol/limits.ts';
import {
  flag,
  type Infer,
  integer,
  line,
  list,
  literal,
  object,
  optional,
  parse,
  type Schema,
} from '../protocol/schema.ts';
import { MAX_OFFERED } from './direct.ts';

/** All up to and with this seq has been opened here. It comes along with whatever is said. */
const upTo = optional(integer(0, Number.MAX_SAFE_INTEGER, 'a seq of the other side'));
/** IPv6 with a zone is the longest address there is. */
const address = object({ host: line(1, 64), port: integer(1, 65_535) });

/** First in each direction of a chat: who talks to whom, where, and how. It says all over again, where nobody else can. */
const hello = object({
  kind: literal('hello'),
  upTo,
  chat: f.group,
  from: f.user,
  device: f.device,
  to: f.user,
  toDevice: f.device,
  plain: flag,
  hidden: flag,
  changes: optional(flag),
});
/** A message of one of the two: ids are unique for their author. */
const ref = object({ from: f.user, id: f.id });
/** What a person says; the text follows the head. `re`: what it answers. */
const said = object({ kind: literal('text'), upTo, id: f.id, time: f.time, re: optional(ref) });
/** The sender's message `of` says something else from now on; the text follows the head. */
const edit = object({ kind: literal('edit'), upTo, of: f.id, time: f.time });
/** The sender's message `of` is taken back. */
const deletion = object({ kind: literal('delete'), upTo, of: f.id });
/** The sender's reaction to a message, or that it is taken back. */
const react = object({ kind: literal('react'), upTo, of: ref, emoji: f.emoji, on: flag });
/** The sender is writing just now. */
const typing = object({ kind: literal('typing'), upTo });
/** Nothing but `upTo`. */
const ack = object({ kind: literal('ack'), upTo: integer(0, Number.MAX_SAFE_INTEGER, 'a seq of the other side') });
/** Where a direct connection may be tried. */
const addressItem = object({
  kind: literal('address'),
  upTo,
  pin: f.fingerprint,
  addresses: list(address, MAX_OFFERED),
});
/** The direct connection on which it comes is the one. */
const use = object({ kind: literal('use'), upTo });
/** Wants an acknowledgement. */
const ping = object({ kind: literal('ping'), upTo });
/** The sender keeps a log of the chat from here on, or no more. */
const log = object({ kind: literal('log'), upTo, on: flag });
/** The sender has ended the chat, and will neither say nor read any more. */
const end = object({ kind: literal('end'), upTo });
/** A private message, the only item in its sealed message; the text follows. `once`: the group is not used again. */
const mail = object({
  kind: literal('mail'),
  id: f.id,
  from: f.user,
  to: f.user,
  time: f.time,
  once: optional(flag),
  re: optional(ref),
});
/** What all changes by mail have: an id of their own, and who says it to whom. Each is the only item in its message. */
const mailed = { id: f.id, from: f.user, to: f.user };
const mailEdit = object({ kind: literal('mailEdit'), ...mailed, of: f.id, time: f.time });
const mailDelete = object({ kind: literal('mailDelete'), ...mailed, of: f.id });
const mailReact = object({ kind: literal('mailReact'), ...mailed, of: ref, emoji: f.emoji, on: flag });

export const ITEMS = {
  hello,
  text: said,
  edit,
  delete: deletion,
  react,
  typing,
  ack,
  address: addressItem,
  use,
  ping,
  log,
  end,
  mail,
  mailEdit,
  mailDelete,
  mailReact,
};

type Table = typeof ITEMS;
type Heads = { [K in keyof Table]: Infer<Table[K]> };
/** Items with a text after the head. */
type WithText = 'text' | 'edit' | 'mail' | 'mailEdit';
/** Items that travel as mail, the only one in their sealed message. */
export type MailItem = Items['mail' | 'mailEdit' | 'mailDelete' | 'mailReact'];
/** Items of a chat's stream. */
export type ChatItem = Exclude<Item, MailItem>;

const MAIL: ReadonlySet<string> = new Set<MailItem['kind']>(['mail', 'mailEdit', 'mailDelete', 'mailReact']);
export const isMailItem = (item: Item): item is MailItem => MAIL.has(item.kind);

export type Items = { [K in keyof Heads]: K extends WithText ? Heads[K] & { readonly text: string } : Heads[K] };
export type Item = Items[keyof Items];

const NEWLINE = 0x0a;
const ENCODER = new TextEncoder();
const DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** At most `MAX_ITEM_BYTES` bytes: throws where it is longer, since texts are checked where they are typed. */
export function encodeItem(item: Item): Uint8Array {
  const { text, ...head } = 'text' in item ? item : { ...item, text: '' };
  const bytes = ENCODER.encode(`${JSON.stringify(head)}\n${text}`);
  if (bytes.length > MAX_ITEM_BYTES) throw new RangeError(`an item of ${bytes.length} bytes is too long`);
  return bytes;
}

const isKind = (kind: unknown): kind is keyof Table => typeof kind === 'string' && Object.hasOwn(ITEMS, kind);

/** An item, `undefined` for one that only a newer program knows, or one sentence part that says what is wrong. */
export function decodeItem(bytes: Uint8Array): Result<Item | undefined, string> {
  const end = bytes.indexOf(NEWLINE);
  if (end < 0) return err('it has no head');
  let head: unknown;
  let text: string;
  try {
    head = JSON.parse(DECODER.decode(bytes.subarray(0, end)));
    text = DECODER.decode(bytes.subarray(end + 1));
  } catch {
    return err('it is not JSON and text');
  }
  const known = parse(anyHead, head);
  if (!known.ok) return known;
  const { kind } = known.value;
  return isKind(kind) ? withText(kind, head, text) : ok(undefined);
}

const anyHead = object({ kind: line(1, 64) });

function withText(kind: keyof Table, head: unknown, text: string): Result<Item, string> {
  switch (kind) {
    case 'text':
      return both(parse(said, head), text);
    case 'mail':
      return both(parse(mail, head), text);
    case 'edit':
      return both(parse(edit, head), text);
    case 'mailEdit':
      return both(parse(mailEdit, head), text);
    case 'delete':
      return parse(deletion, head);
    case 'react':
      return parse(react, head);
    case 'typing':
      return parse(typing, head);
    case 'mailDelete':
      return parse(mailDelete, head);
    case 'mailReact':
      return parse(mailReact, head);
    case 'hello':
      return parse(hello, head);
    case 'ack':
      return parse(ack, head);
    case 'address':
      return parse(addressItem, head);
    case 'use':
      return parse(use, head);
    case 'ping':
      return parse(ping, head);
    case 'log':
      return parse(log, head);
    case 'end':
      return parse(end, head);
  }
}

const body: Schema<string> = f.body;

function both<H>(head: Result<H, string>, text: string): Result<H & { readonly text: string }, string> {
  if (!head.ok) return head;
  const wrong = body.check(text, 'text');
  return wrong === undefined ? ok({ ...head.value, text }) : err(wrong);
}
