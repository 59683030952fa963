/** The server: whether it is there, is the one it was, and takes us. */
import { longDuration } from '../../../base/duration.ts';
import { type Finding, findings, listed } from './finding.ts';

export type Reply =
  /** What it says of new accounts; undefined: it didn't say. */
  | { readonly kind: 'speaks'; readonly roundTrips: readonly number[]; readonly registration: Registration | undefined }
  /** One line: it is silent, or speaks something else. */
  | { readonly kind: 'fails'; readonly line: string; readonly other: boolean };

export type Registration = 'open' | 'invite' | 'closed';

export type Reached =
  | {
      readonly kind: 'failed';
      readonly why: 'refused' | 'timeout' | 'unreachable' | 'not_found' | 'bad_address' | 'aborted' | 'failed';
      readonly line: string;
    }
  | { readonly kind: 'untrusted'; readonly changed: boolean; readonly line: string }
  | {
      readonly kind: 'connected';
      /** Undefined: plain text. */
      readonly key:
        | { readonly pin: string; readonly state: 'known' | 'new' | 'renewed'; readonly certified: boolean }
        | undefined;
      readonly reply: Reply;
    };

export type LoginFacts =
  | {
      readonly kind: 'in';
      readonly user: string;
      /** How it was proved. */
      readonly by: 'host' | 'key' | 'guest';
      readonly server: string;
      /** The server's clock minus ours, milliseconds. */
      readonly offset: number;
    }
  /** One line, with the server's words in it. */
  | { readonly kind: 'refused'; readonly line: string }
  /** There is a way, which was not tried: a password is for whoever types it. */
  | { readonly kind: 'untried'; readonly says: string; readonly mend?: string }
  /** No name is known to come by. */
  | { readonly kind: 'nobody'; readonly line: string };

export interface ServerFacts {
  /** `box:2428` */
  readonly where: string;
  /** Where the address comes from. */
  readonly from: 'typed' | 'environment' | 'file' | 'remembered' | 'default';
  readonly loopback: boolean;
  /** Of a name: its addresses, or why there are none, and how long it took (ms). */
  readonly lookup: { readonly addresses: readonly string[]; readonly code?: string; readonly ms: number } | undefined;
  readonly reached: Reached;
  readonly login: LoginFacts | undefined;
}

/** Milliseconds for a name, and for a round trip, from which on one feels it. */
const SLOW_LOOKUP_MS = 1000;
const SLOW_ROUND_TRIP_MS = 300;
/** Milliseconds that clocks may differ by: nobody sees it; and from which on days and mutes are wrong. */
const CLOSE_CLOCKS_MS = 5000;
const WRONG_CLOCK_MS = 60_000;
/** Addresses of a name that are shown. */
const MAX_ADDRESSES = 3;

const server = findings('server');

const FROM = {
  typed: '',
  environment: ', from $UCHAT_SERVER',
  file: ', from config.toml',
  remembered: ', from the form',
  default: '',
} as const;

/** A line of ours, which says what to do behind its last semicolon. */
function split(line: string): readonly [says: string, mend?: string] {
  const at = line.lastIndexOf('; ');
  return at < 0 ? [line] : [line.slice(0, at), line.slice(at + 2)];
}

function judgeLookup({ lookup }: ServerFacts): readonly Finding[] {
  if (lookup === undefined || lookup.code !== undefined) return [];
  const { addresses, ms } = lookup;
  const shown = `${listed(addresses.slice(0, MAX_ADDRESSES))}${addresses.length > MAX_ADDRESSES ? ' …' : ''}`;
  return ms > SLOW_LOOKUP_MS
    ? [server.note(`its name took ${ms} ms to look up (${shown})`, 'look at the name servers in /etc/resolv.conf')]
    : [server.ok(`its name is that of ${shown}`)];
}

const MENDS: Readonly<Record<Extract<Reached, { kind: 'failed' }>['why'], string>> = {
  refused: 'see with its administrator that it runs, and on this port',
  timeout: 'is the host up, and does a firewall let you through to this port?',
  unreachable: 'is this machine connected to a network that leads there?',
  not_found: 'is the name right? In doubt, name its address',
  bad_address: 'write it as HOST or HOST:PORT',
  aborted: 'is the host up, and does a firewall let you through to this port?',
  failed: 'see with its administrator that a uchat server runs there, on this port',
};

function judgeReached({ where, from, loopback, reached }: ServerFacts): readonly Finding[] {
  switch (reached.kind) {
    case 'failed': {
      const mend =
        reached.why === 'refused' && loopback
          ? 'start one: uchat offers to, or uchat --serve does; or name another: uchat doctor HOST'
          : MENDS[reached.why];
      return [server.problem(`${reached.line}${FROM[from]}`, mend)];
    }
    case 'untrusted': {
      // What it says of a changed key is several sentences, with what to do in them.
      if (reached.changed) return [server.problem(reached.line)];
      return [server.problem(...split(reached.line))];
    }
    case 'connected':
      return [...judgeKey(where, reached), ...judgeReply(where, from, reached.reply)];
  }
}

function judgeKey(where: string, { key }: Extract<Reached, { kind: 'connected' }>): readonly Finding[] {
  if (key === undefined) return [];
  const { pin, state, certified } = key;
  const vouched = certified ? ', and an authority vouches for its name' : '';
  switch (state) {
    case 'known':
      return [server.ok(`its key is the one that is kept: ${pin}`)];
    case 'renewed':
      return [server.ok(`its key is a new one, ${pin}${vouched}; the next connection keeps it`)];
    case 'new':
      return [
        server.note(
          `you have not been at ${where} before: its key is ${pin}${vouched}`,
          certified ? undefined : 'compare it with what its administrator says; the first connection keeps it',
        ),
      ];
  }
}

function judgeReply(where: string, from: ServerFacts['from'], reply: Reply): readonly Finding[] {
  if (reply.kind === 'fails') {
    const mend = reply.other
      ? 'another program listens there: is the port right? uchat has 2428 where nobody chose another'
      : 'it is very busy, or hangs: try again; if it stays so, its operator restarts it, which loses nothing';
    return [server.problem(reply.line.replace(/; try again$/, ''), mend)];
  }
  const middle = reply.roundTrips.toSorted((a, b) => a - b)[Math.floor(reply.roundTrips.length / 2)] ?? 0;
  const shown = middle < 10 ? middle.toFixed(1) : String(Math.round(middle));
  const says = `${where} answers within ${shown} ms${FROM[from]}`;
  const speed = middle > SLOW_ROUND_TRIP_MS ? server.note(`${says}: each message takes so long`) : server.ok(says);
  const { registration } = reply;
  if (registration === undefined) return [speed];
  const who = {
    open: 'anybody can make an account there',
    invite: 'a new account there takes a code of an operator',
    closed: 'no new accounts are made there',
  } as const;
  return [speed, server.ok(who[registration])];
}

const login = findings('log-in');

const BY = { host: 'this host says so', key: 'by the key of this device', guest: 'as a guest' } as const;

function judgeLogin(facts: LoginFacts | undefined): readonly Finding[] {
  switch (facts?.kind) {
    case undefined:
      return [];
    case 'in':
      return [login.ok(`you are ${facts.user} (${BY[facts.by]})`), judgeClock(facts.offset, facts.server)];
    case 'refused':
      // The server's words may hold a semicolon, and must not pass for our advice.
      return [login.problem(facts.line)];
    case 'untried':
      return [facts.mend === undefined ? login.ok(facts.says) : login.note(facts.says, facts.mend)];
    case 'nobody':
      return [login.note(...split(facts.line))];
  }
}

const clock = findings('clock');

function judgeClock(offset: number, name: string): Finding {
  const apart = Math.abs(offset);
  if (apart < CLOSE_CLOCKS_MS) return clock.ok(`the server's clock and yours agree`);
  const which = offset > 0 ? 'ahead of' : 'behind';
  const seconds = Math.round(apart / 1000) * 1000;
  const says = `the clock of ${name === '' ? 'the server' : name} is ${longDuration(seconds)} ${which} yours`;
  const mend = 'one of them is wrong: timedatectl set-ntp true sets yours';
  return apart < WRONG_CLOCK_MS
    ? clock.note(says, mend)
    : clock.problem(`${says}: times and days of messages look wrong`, mend);
}

export function judgeServer(facts: ServerFacts): readonly Finding[] {
  return [...judgeLookup(facts), ...judgeReached(facts), ...judgeLogin(facts.login)];
}
