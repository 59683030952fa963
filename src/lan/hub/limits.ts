/** Limits of the hub alone, with their units and reasons; those that the network shares are in `../limits.ts`. */

/** Messages of one session at once, and then a second, as on a server: a paste gets through, a script that floods doesn't. */
export const WRITES = { burst: 60, perSecond: 5 } as const;
/** `typing`, of one session and of one peer, at once and then a second: somebody who writes in several windows by turns. */
export const TYPING = { burst: 10, perSecond: 0.5 } as const;
/** Mail of one peer, as of one session on a server: a screen of messages, and then one in a bit more than half a second. */
export const MAILS = { burst: 180, perSecond: 15 } as const;
/** Parts of private chats of one peer: what wasn't acknowledged goes again in one burst when a path changes. */
export const PRIVATES = { burst: 200, perSecond: 30 } as const;
/** Requests for private chats of one peer: each asks something of a person. */
export const ASKS = { burst: 10, perSecond: 0.1 } as const;
/** Key packages that one peer claims (six an hour): nobody alone uses up the stock in half a day. */
export const CLAIMS = { burst: 20, perSecond: 6 / 3600 } as const;
/** Entries of the lobby that one peer brings: all that a lobby holds, twice, and then more than a room of people says. */
export const ENTRIES = { burst: 4000, perSecond: 50 } as const;
/** Questions of one peer for what it lacks of the lobby: the largest lobby takes sixteen answers. */
export const HELD = { burst: 40, perSecond: 0.5 } as const;
/** People who are new here, at once and then a second: a whole network at the start; invented ones don't fill the screen. */
export const NEWCOMERS = { burst: 500, perSecond: 5 } as const;
/** Lines about names that are told to our own programs, at once and then a second: who invents keys must not fill a screen. */
export const NAME_LINES = { burst: 10, perSecond: 0.1 } as const;

/** Bytes that wait for one of our own programs, as on a server: beyond it is `too_slow`. */
export const MAX_BUFFERED_BYTES = 2 * 1024 * 1024;
/** Milliseconds between two looks at those for whom bytes wait, and the looks without progress after which it ends: a minute. */
export const LOOK_EVERY_MS = 5000;
export const MAX_LOOKS = 12;
/** Milliseconds in which the last words may still be read. */
export const LAST_WORDS_MS = 5000;
/** Bytes of waiting mail that one of our programs is given at once; the next when they have gone to the kernel. */
export const MAIL_BATCH_BYTES = 256 * 1024;

/** Mail of ours that is on its way or waits for a link, at once. */
export const MAX_MAIL_UNDERWAY = 1000;
/** Milliseconds until mail is on the other's disk, or they count as away. */
export const MAILED_WITHIN_MS = 10_000;
/** Milliseconds for which what is for somebody who is heard waits for the link to them: a dial and a handshake, twice. */
export const LINK_WITHIN_MS = 3000;
/** Milliseconds for the answer to a claim: a person waits for it. */
export const CLAIM_WITHIN_MS = 4000;
/** Claims of ours without an answer, at once. */
export const MAX_CLAIMS_UNDERWAY = 200;
/** Milliseconds between two claims of spare packages, so that a network that comes together doesn't empty everybody's stock at once. */
export const SPARE_EVERY_MS = 250;
/** Milliseconds until somebody who had none is asked for a spare package again. */
export const SPARE_AGAIN_MS = 60_000;
/** Parts of private chats whose refusal could still come. */
export const MAX_PRIVATES_UNDERWAY = 1000;

/** People who are kept with their names, about 200 bytes each. Beyond it whoever was not heard for the longest time is forgotten. */
export const MAX_KEPT = 5000;
/** People who have gone and are still in the list, and for how long (ms), as on a server. */
export const MAX_RECENT = 200;
export const RECENT_MS = 86_400_000;
/**
 * Milliseconds by which an announcement may be older than a good-bye, and not count any more: those that were on their way.
 * A clock that was set back by more is another matter.
 */
export const AFTER_BYE_MS = 5000;

/** Milliseconds until people are looked at again, where somebody is here, at the most. */
export const LOOK_AT_PEOPLE_MS = 3000;

/** Milliseconds between two comparisons of the lobby with somebody, one peer after the other. */
export const COMPARE_EVERY_MS = 2000;
/** Milliseconds for which lobbies may differ because something is on its way; and up to as much more, so that not all ask at once. */
export const DIFFER_MS = 500;
export const DIFFER_SPREAD_MS = 1500;
/** Milliseconds between two looks at those that differ, and how many are asked then. */
export const CHECK_EVERY_MS = 500;
export const CHECKED_AT_ONCE = 3;
/** Milliseconds without anything new after which another is asked for what is missing. */
export const PULL_WITHIN_MS = 10_000;
/** Milliseconds until somebody is asked again who had nothing new; twice as long each time, up to the most. */
export const FRUITLESS_MS = 5000;
export const FRUITLESS_AT_MOST_MS = 60_000;
/** Bytes of one answer to what a peer lacks: far below what may wait on a link. The rest is asked for again. */
export const MAX_ANSWER_BYTES = 1024 * 1024;
/** Bytes of all such answers together: a whole lobby to somebody at once, and then a second; what is more is asked of others. */
export const ANSWERS = { burst: 48 * 1024 * 1024, perSecond: 4 * 1024 * 1024 } as const;
/** Questions to one peer in a row: more than the largest lobby takes. Then it is another's turn, whatever they still have. */
export const MAX_QUESTIONS_IN_A_ROW = 40;
/** Frames of one such question: more than all that a lobby may hold takes. */
export const MAX_HELD_FRAMES = 4;
/** Milliseconds until it is tried again to write what could not be written; and between two looks for what is too old. */
export const SAVE_AGAIN_MS = 5000;
export const TIDY_EVERY_MS = 3_600_000;

/** Milliseconds for good-byes at the end. */
export const LEAVE_WITHIN_MS = 1000;
/** Problems of our own that are shown, and characters of each. */
export const MAX_PROBLEMS = 4;
export const MAX_PROBLEM_CHARS = 300;
