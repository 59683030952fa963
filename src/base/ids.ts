/**
 * Branded identifiers. A brand costs nothing at run time; it only stops one kind of string from being passed for another.
 * They are made where text is checked (`protocol/names.ts`, the schemas) and nowhere else.
 */
declare const brand: unique symbol;
type Branded<T, Name extends string> = T & { readonly [brand]: Name };

/** A person on a server: a Unix login or account (`alice`), or a guest (`~alice`). Unique on the server, compared exactly. */
export type UserName = Branded<string, 'UserName'>;
/** A room, with its sign, in lower case: `#lobby`. */
export type RoomName = Branded<string, 'RoomName'>;
/** One connection of one person, as the server counts them while it runs. */
export type SessionId = Branded<number, 'SessionId'>;
/** A message's id, chosen at random by the client that wrote it; unique for its author. */
export type ClientId = Branded<string, 'ClientId'>;
/** A message's place in its room: 1, 2, 3 … without gaps, given when it is committed. */
export type Seq = Branded<number, 'Seq'>;
/** A client's identity key, which is the device: Ed25519, base64url. */
export type DeviceId = Branded<string, 'DeviceId'>;
/** An MLS group, or the private chat that it carries: 16 bytes of chance, base64url. */
export type GroupId = Branded<string, 'GroupId'>;
/** Milliseconds since 1970-01-01 UTC. */
export type UnixMs = Branded<number, 'UnixMs'>;

/** Before the first message of a room. */
export const NO_SEQ = 0 as Seq;
/** The place of the message that follows. */
export const seqAfter = (seq: Seq): Seq => (seq + 1) as Seq;
/** A place that a client gives to what no server counts. */
export const ownPlace = (place: number): Seq => place as Seq;

/** Sessions are counted, by whoever accepts connections. */
export const sessionId = (count: number): SessionId => count as SessionId;

/** A time as the system's clock gives it, in whole milliseconds. */
export const unixMs = (ms: number): UnixMs => ms as UnixMs;
