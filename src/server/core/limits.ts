/** Every limit of the server's core, with its unit and its reason. The wire's own are in `protocol/limits.ts`. */

/** Connections at once: twice what is measured for one host, and within the file descriptors that Linux gives a service. */
export const MAX_CONNECTIONS = 20_000;
/** Connections beyond those that are told so; more than that at once are dropped without a word. */
export const MAX_REFUSALS_AT_ONCE = 500;
/** The same two, where the process may open fewer files than that. */
export interface ConnectionLimit {
  readonly connections: number;
  readonly refusals: number;
}
/**
 * Connections of one source (a Unix user on the server's host, an address elsewhere): every terminal of a busy person, or a
 * small office behind one address.
 */
export const MAX_CONNECTIONS_OF_SOURCE = 32;
/** Those among them that are not logged in yet: to log in takes a fraction of a second, so this is a burst of scripts. */
export const MAX_PENDING_OF_SOURCE = 16;
/**
 * Connections of all sources that are not logged in yet. Beyond it the oldest makes room, so that whoever logs in at once
 * gets through while others hold connections open for nothing; whose they are takes the kernel a tenth of a second to say,
 * and this is what one core accepts in that time, several times over.
 */
export const MAX_PENDING = 4096;
/** Log-ins of one source at once, and then a second: a script that sends line by line gets through, guessing doesn't. */
export const LOGINS = { burst: 120, perSecond: 2 } as const;
/** Rooms that one source may make at once, and then a second (ten an hour): all can see them, and they stay. */
export const NEW_ROOMS = { burst: 10, perSecond: 10 / 3600 } as const;
/** Accounts that one source may make at once, and then a second (five an hour): a course behind one address in a morning. */
export const NEW_ACCOUNTS = { burst: 20, perSecond: 5 / 3600 } as const;
/** Accounts of the server: their names are held in memory, about 300 bytes each. */
export const MAX_ACCOUNTS = 100_000;
/**
 * Connections of one source that are refused with a word, at once and then a second; the others are reset, which costs
 * hardly anything and leaves nothing behind in the kernel.
 */
export const REFUSALS = { burst: 10, perSecond: 0.2 } as const;
/** How long (ms) what a source has used up is remembered without a connection: until its rooms are refilled. */
export const SOURCE_KEPT_MS = 3600 * 1000;
/** Sources without a connection that are remembered, about 500 bytes each: more than have ever come to one host. */
export const MAX_IDLE_SOURCES = 10_000;
/** Bytes of one session at once, and then a second: the longest paste gets through, and three times what messages need. */
export const BYTES = { burst: 1024 * 1024, perSecond: 128 * 1024 } as const;
/** How long (ms) a session that has sent more isn't read. */
export const THROTTLE_MS = 1000;
/** Bans at once: they are looked at with every log-in and shown in one list. */
export const MAX_BANS = 1000;
/** The longest time (ms) between two messages in a room in slow mode: beyond a day it had better be closed. */
export const MAX_SLOW_MS = 24 * 3600 * 1000;
/** People whose last message in a room in slow mode is remembered, about 100 bytes each. */
export const MAX_SLOWED = 10_000;
/** Rooms of the server: all of them are held in memory and shown in one list. */
export const MAX_ROOMS = 1000;
/** How long (ms) somebody who has gone stays in the list. */
export const RECENT_MS = 24 * 3600 * 1000;
/** People who have gone and are still in the list: a few screens, and bounded when a load generator leaves. */
export const MAX_RECENT = 200;

/** Messages of one session on their way to the disk: beyond it, its connection isn't read until half of them are there. */
export const MAX_APPENDS_OF_SESSION = 1024;
/** Characters of text on their way to the disk, of all sessions: beyond it, whoever writes isn't read. */
export const MAX_APPEND_CHARS = 32 * 1024 * 1024;
/**
 * What was read before a pause took effect still comes, a chunk a session. Past this many characters it is refused, so
 * that memory is bounded even if every session sends at once.
 */
export const MAX_APPEND_CHARS_HARD = 2 * MAX_APPEND_CHARS;
/**
 * Messages of a session that wait while one before them needs the store or the log-in. The connection isn't read
 * meanwhile, so this is one chunk of 64 KiB in the shortest lines.
 */
export const MAX_HELD = 4096;

/** Messages at once, and then a second: a paste of a screen or two gets through, a script that floods doesn't. */
export const WRITES = { burst: 60, perSecond: 5 } as const;
/**
 * Mail of one session at once, and then a second. A message is one for each device of its recipient and each other of its
 * author: nine at the most, so that this is a screen of messages and then one in a bit more than half a second.
 */
export const MAILS = { burst: 180, perSecond: 15 } as const;
/**
 * Parts of private chats of one session at once, and then a second: each message costs one, and an acknowledgement the
 * other way; what wasn't acknowledged goes again when the path of a chat changes, in one burst.
 */
export const PRIVATES = { burst: 200, perSecond: 30 } as const;
/** Requests for private chats of one source at once, and then a second: each makes somebody's terminal ask them. */
export const ASKS = { burst: 10, perSecond: 0.1 } as const;
/**
 * Requests with a claim of key packages of one source at once, and then a second (one a minute): an evening's first words
 * to everybody in a course. Most people make one for each person they ever write to.
 */
export const CLAIMS = { burst: 60, perSecond: 1 / 60 } as const;
/**
 * The same of one person for another, at once and then a second (six an hour): in half a day nobody alone uses up the
 * `MAX_PACKAGES` of a device that is away. Whoever only sends by scripts beside an open client needs one a message.
 */
export const CLAIMS_OF_PAIR = { burst: 20, perSecond: 6 / 3600 } as const;
/** Such pairs that are remembered, about 300 bytes each; those that have claimed nothing for the longest time go first. */
export const MAX_CLAIM_PAIRS = 10_000;
/** Key packages of all guests: they are held in memory, about 600 bytes each. Devices that come later have none. */
export const MAX_GUEST_PACKAGES = 100_000;
/**
 * Frames of answers to questions (lists, history) at once, and then a second: coming back to a hundred rooms asks for a
 * page or two of each, and the list of 20,000 people has 200.
 */
export const READS = { burst: 300, perSecond: 30 } as const;

/** Searches of one source at once, and then a second: each may take four tenths of a second of the store's time. */
export const SEARCHES = { burst: 20, perSecond: 0.5 } as const;
/** `typing` of one session at once, and then a second: somebody who writes to several people by turns. */
export const TYPING = { burst: 10, perSecond: 0.5 } as const;
/** Sessions that are told who is writing in a room: in a larger one somebody always is, and each time is a write to all. */
export const MAX_TYPING_AUDIENCE = 500;

/** Refusals of one session that the operator is shown at once, and then a second: whoever floods must not fill the log. */
export const NOTICES = { burst: 10, perSecond: 0.2 } as const;

/**
 * Messages that a mailbox holds for a device that is away for a long time, and doesn't come back perhaps: so the others
 * of its user have limits of their own. Announcements don't count.
 */
export const MAX_MAILBOX_MESSAGES = 500;
/**
 * Bytes of their JSON: what is sealed is twice as long as its text and more, and the first ones of each author carry a
 * Welcome of 2 kB. So this is five hundred messages of a few paragraphs from people who have never written before.
 */
export const MAX_MAILBOX_BYTES = 4 * 1024 * 1024;
/** Announcements that are kept for those who haven't fetched them: with one a day, those of three months. */
export const MAX_ANNOUNCEMENTS = 100;
/** Mail that is read from a mailbox at a time: so many messages, so many bytes of their bodies. */
export const MAIL_PAGE = 100;
export const MAIL_PAGE_BYTES = 256 * 1024;

/** Bytes of the messages in one history frame: a frame, less its envelope (type, id of 36, room of 33, `more`). */
export const HISTORY_ENVELOPE_BYTES = 256;
