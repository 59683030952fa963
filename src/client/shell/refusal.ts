/** What to do when a server refuses: its words, and ours on what helps. */
import { sanitizeLine } from '../../base/text/sanitize.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import { type Failure, refused } from './outcome.ts';

const AS_GUEST =
  'come as a guest with --guest --user NAME, if the server lets guests in, or with an account: --user NAME';

/** Most errors say all there is; these have a remedy on the command line. */
const REMEDIES = {
  host_login_off: AS_GUEST,
  host_login_failed: AS_GUEST,
  name_unusable: AS_GUEST,
  name_required: 'add --user NAME',
  name_reserved: 'choose another name with --user NAME, or leave --guest out and log in with its password',
  name_taken: 'choose another name with --user NAME',
  wrong_password: 'check the name and the password, or make an account with uchat register',
  wrong_key: 'log in with the password, and enrol this device with /key add',
  registration_closed: 'with a code: add --invite CODE',
  name_mismatch: 'leave --user out, or add --guest',
  guests_refused: 'leave --guest out on the host itself, or ask whoever runs the server to start it with --guests',
  tls_required: 'update this uchat, which should speak TLS by itself',
  version_unsupported: 'update the older of the two',
  server_full: 'try again later',
  no_such_user: 'see who is there with uchat who; a room is written "#dev"',
  not_operator: 'ask whoever runs the server',
} as const satisfies Partial<Record<ErrorCode, string>>;

const BY_CODE: ReadonlyMap<string, string> = new Map(Object.entries(REMEDIES));

export interface Refusal {
  readonly code: string;
  /** The server's words. */
  readonly text: string;
}

const ON_LAN: ReadonlyMap<string, string> = new Map([['no_such_user', 'see who is there with uchat who --lan']]);

/** One line: `alice is taken; choose another name with --user NAME`. @param lan there is no server, but a program of ours. */
export function refusalLine({ code, text }: Refusal, lan = false): string {
  const what = sanitizeLine(text).replace(/[.\s]+$/, '') || code;
  const todo = (lan ? ON_LAN : BY_CODE).get(code);
  if (lan) return todo === undefined ? what : `${what}; ${todo}`;
  return todo === undefined ? `the server refused: ${what}` : `the server refused: ${what}; ${todo}`;
}

export const refusal = (error: Refusal, lan = false): Failure => refused(refusalLine(error, lan));
