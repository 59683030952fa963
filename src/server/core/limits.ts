/** Every limit of the server's core, with its unit and its reason. The wire's own are in `protocol/limits.ts`. */

/** Connections at once: twice what is measured for one host, and within the file descriptors that Linux gives a service. */
export const MAX_CONNECTIONS = 20_000;
/** Connections beyond those that are told so; more than that at once are dropped without a word. */
export const MAX_REFUSALS_AT_ONCE = 500;
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
 * Frames of answers to questions (lists, history) at once, and then a second: coming back to a hundred rooms asks for a
 * page or two of each, and the list of 20,000 people has 200.
 */
export const READS = { burst: 300, perSecond: 30 } as const;

/** Refusals of one session that the operator is shown at once, and then a second: whoever floods must not fill the log. */
export const NOTICES = { burst: 10, perSecond: 0.2 } as const;

/** Bytes of the messages in one history frame: a frame, less its envelope (type, id of 36, room of 33, `more`). */
export const HISTORY_ENVELOPE_BYTES = 256;
