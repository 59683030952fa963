/** Every limit of the wire, with its unit and its reason. Both sides rely on them; README.md lists them. */

/** Version of the protocol that this program speaks. */
export const PROTOCOL_VERSION = 1;
/** Default TCP port: CHAT on a phone's keys. */
export const DEFAULT_PORT = 2428;
/** Bytes of one line with its newline, either way: bounds what one peer can make the other hold. */
export const MAX_FRAME_BYTES = 65_536;
/** UTF-8 bytes of a message's text: at the worst every byte is escaped as six, and the line must still fit a frame. */
export const MAX_TEXT_BYTES = 8192;
/** UTF-8 bytes of a room's topic: one screen line and a bit. */
export const MAX_TOPIC_BYTES = 256;
/** Characters of a name without its sign: what Unix allows for a login. */
export const MAX_NAME_CHARS = 32;
/** Characters of an id that a client chooses: room for a UUID. */
export const MAX_ID_CHARS = 36;
/** Messages in one page of history: two tall screens. The bytes of the frame may end a page earlier. */
export const MAX_HISTORY_PAGE = 200;
/** Different emoji on one message: what a person still looks through. */
export const MAX_EMOJI = 20;
/** Reactions of everybody to one message, one for each user and emoji, so that a message with all of them fits a frame. */
export const MAX_REACTIONS = 100;
/** UTF-8 bytes of an emoji: the longest of Unicode 17 has 35. */
export const MAX_EMOJI_BYTES = 64;
/** While somebody writes, `typing` is sent at most this often (ms). */
export const TYPING_EVERY_MS = 3000;
/** UTF-8 bytes of what is searched for: a long sentence. */
export const MAX_QUERY_BYTES = 256;
/** Messages in one answer to a search: a screen. The bytes of the frame may end it earlier. */
export const MAX_FOUND = 50;
/** Names or rooms in one frame of a list, so that the longest topics fit; a longer list comes in several frames. */
export const MAX_LIST_PAGE = 100;
/** The client sends `ping` this often (ms): three get lost before a peer counts as dead. */
export const PING_EVERY_MS = 8000;
/** Nothing heard for this long (ms) from a peer that pings, or for a client from its server: dead. Under the promised 30 s. */
export const DEAD_AFTER_MS = 25_000;
/** A client reports activity at most this often (ms). */
export const ACTIVITY_EVERY_MS = 5000;
/** A connection must have said a valid hello within this time (ms). */
export const HELLO_WITHIN_MS = 10_000;
/** Errors in a row, without one valid message between, after which a connection is closed: it isn't speaking our protocol. */
export const MAX_ERRORS_IN_A_ROW = 20;
/** UTF-8 bytes of a password: a long pass phrase, and no work for the hash beyond it. */
export const MAX_PASSWORD_BYTES = 1024;
/** Names in one list of those whom a user blocks, and of those whom a user mutes: the lists fit one frame. */
export const MAX_IGNORED = 200;
/** Device keys of one account: all of a person's machines. */
export const MAX_KEYS = 20;
/** Bans in one frame of the list. */
export const MAX_BANS_PAGE = 50;
/** Devices of one user that private messages reach: each message to the user is sealed once for each of them. */
export const MAX_DEVICES = 5;
/** Key packages that the server keeps of one device: so many people can write first while its user is away. */
export const MAX_PACKAGES = 100;
/** Key packages in one `device` message: they fit a frame. */
export const MAX_PACKAGES_AT_ONCE = 50;
/** With fewer key packages than this left, a device is told, and makes new ones. */
export const LOW_PACKAGES = 25;
/** Characters (base64url) of a key package: ours have about 500. */
export const MAX_PACKAGE_CHARS = 1024;
/** Characters (base64url) of an MLS Welcome for a group of two: ours have about 1,800. */
export const MAX_WELCOME_CHARS = 8192;
/** Characters (base64url) of one sealed message: a text of the greatest length with its head, and what MLS adds. */
export const MAX_SEALED_CHARS = 16_384;
/** Bytes of one item of a private chat, its head included: a text of the greatest length; JSON may make it six times that. */
export const MAX_ITEM_BYTES = 9216;
/** How long (ms) a request for a private chat may be answered. */
export const ASK_WITHIN_MS = 120_000;
