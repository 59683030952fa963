/** What an error ends: only the message that caused it, or the whole connection. */
type Ends = 'message' | 'connection';

/** Every code that a server sends. A code is never renamed and never reused; README.md lists them. */
export const ERROR_CODES = {
  frame_too_long: {
    ends: 'connection',
    says: 'A line is longer than 65,536 bytes, so where the next begins is unknown.',
  },
  bad_utf8: { ends: 'message', says: 'A line is not valid UTF-8.' },
  bad_json: { ends: 'message', says: 'A line is not JSON.' },
  bad_message: {
    ends: 'message',
    says: 'The JSON is not a message of this protocol; the text says which field is wrong.',
  },
  unknown_type: { ends: 'message', says: 'No message has this type.' },
  too_many_errors: { ends: 'connection', says: 'Twenty errors in a row: the peer does not speak this protocol.' },
  version_unsupported: { ends: 'connection', says: 'The server does not speak this version of the protocol.' },
  hello_expected: { ends: 'connection', says: 'The first message must be hello.' },
  hello_timeout: { ends: 'connection', says: 'No hello within 10 s.' },
  already_logged_in: { ends: 'message', says: 'A second hello on one connection.' },
  name_required: { ends: 'connection', says: 'A guest must bring a name.' },
  name_reserved: { ends: 'connection', says: 'The name is a Unix login of this host, so no guest may have it.' },
  name_taken: { ends: 'connection', says: 'Somebody else uses this name right now.' },
  name_unusable: { ends: 'connection', says: 'Your Unix login has characters that a name here may not have.' },
  name_mismatch: { ends: 'connection', says: 'The host says that you are somebody else.' },
  guests_refused: { ends: 'connection', says: 'This server lets no guests in.' },
  host_login_failed: { ends: 'connection', says: 'The host could not say who owns the other end of the connection.' },
  host_login_off: {
    ends: 'connection',
    says: 'Log-in by the host is switched off, or you do not come from this host.',
  },
  server_full: { ends: 'connection', says: 'The server holds as many connections as it may.' },
  dead: { ends: 'connection', says: 'Nothing heard for 25 s from a client that pings.' },
  too_slow: {
    ends: 'connection',
    says: 'The client does not read fast enough; it can come back and fetch what it missed.',
  },
  rate_limited: { ends: 'message', says: 'Too many messages; send it again later.' },
  not_a_member: { ends: 'message', says: 'You are not in this room.' },
  no_such_room: { ends: 'message', says: 'There is no such room.' },
  lobby_is_for_all: { ends: 'message', says: 'Nobody leaves #lobby.' },
  too_many_rooms: { ends: 'message', says: 'You are in, or the server has, as many rooms as it may.' },
  not_stored: { ends: 'message', says: 'The message could not be stored, so nobody has seen it; send it again later.' },
  internal: { ends: 'message', says: 'A fault of the server; its log says which.' },
} as const satisfies Record<string, { ends: Ends; says: string }>;

export type ErrorCode = keyof typeof ERROR_CODES;
