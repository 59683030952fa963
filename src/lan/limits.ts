/** Every limit of the chat without a server, with its unit and its reason. README.md lists them; a test compares. */

/** Version of what programs on the local network say to each other. */
export const LAN_VERSION = 1;
/** UDP port of announcements, as the server's: CHAT on a phone's keys. */
export const LAN_PORT = 2428;
/** Milliseconds between two announcements. */
export const ANNOUNCE_EVERY_MS = 3000;
/** Milliseconds without a word after which somebody is away: three announcements lost. */
export const AWAY_AFTER_MS = 10_000;
/** … and after which they are removed. */
export const REMOVE_AFTER_MS = 900_000;
/** Milliseconds by which an announcement's time may differ from ours, either way: clocks of hosts that nobody looks after. */
export const MAX_SKEW_MS = 60_000;
/** Bytes of an announcement: it is never cut up on its way (RFC 791: 576 bytes are taken everywhere). */
export const MAX_DATAGRAM_BYTES = 512;
/** Addresses that an announcement may name: both kinds, of a few networks. */
export const MAX_ADDRESSES = 6;
/** People on one network who are known at once: more than share a room. Whoever was unheard for longest is forgotten first. */
export const MAX_HEARD = 1000;
/** Links to others that stand at once. */
export const MAX_LINKS = 512;
/** Milliseconds of silence on a link until a ping. */
export const LINK_PING_MS = 4000;
/** Milliseconds without a word on a link until it is dead. */
export const LINK_DEAD_MS = 10_000;
/** Bytes that wait for a peer that doesn't read; beyond it the link ends, and what was missed is fetched over the next. */
export const MAX_LINK_BACKLOG = 4_194_304;
/** … for all of them together; beyond it those links end for which the most waits. */
export const MAX_BACKLOG = 134_217_728;
/** Connections that have proved no TLS key yet: a network's people who all dial a newcomer. Beyond it the oldest is cut off. */
export const MAX_UNPROVED_LINKS = 256;
/** Connections with a key whose owner hasn't said who they are, or isn't linked yet; beyond it the oldest is cut off. */
export const MAX_GREETINGS = 64;
/** People who are dialled at once; others wait for their turn. */
export const MAX_DIALS = 32;
/** Frames from one peer at once, and then a second, each of `LINK_FRAME_BYTES` or less: beyond it no more is read for a while. */
export const LINK_FRAMES = { burst: 4000, perSecond: 1000 } as const;
/** Bytes; a longer frame counts as several: what it costs to look at one grows with what is in it. */
export const LINK_FRAME_BYTES = 512;
/** Lines from one peer that are no frames, after which the link ends. */
export const MAX_BAD_LINES = 5;
/** Lines of what doesn't work with links, for `/lan status`. */
export const MAX_MESH_PROBLEMS = 8;
/** Entries of the lobby that are kept, the newest: days of talk. */
export const MAX_LOBBY_ENTRIES = 2000;
/** Milliseconds for which they are kept: seven days. */
export const LOBBY_KEPT_MS = 604_800_000;
/** Entries of one key that are kept, the newest: a quarter of a lobby, so that no key alone pushes out what others said. */
export const MAX_ENTRIES_OF_ONE = 500;
/** Entries of one author in a minute that are taken while they are new: what a client's limit lets through. The rest waits a minute. */
export const MAX_ENTRIES_A_MINUTE = 360;
/** Sealed messages that wait here for our own programs, as in a server's mailbox. */
export const MAX_MAILBOX = 1000;
/** … of one person. */
export const MAX_MAILBOX_OF_ONE = 200;
/** Programs of ours at once on one hub: terminals and scripts of one person. */
export const MAX_SESSIONS = 32;
