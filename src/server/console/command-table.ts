/** The commands of the server's console: their words, and what they say to the server. */
import { looksLikeDuration, parseDuration, shortDuration } from '../../base/duration.ts';
import { keepWords, parseKeep } from '../../base/keep.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { ClientMessage } from '../../protocol/client-messages.ts';
import { decodeClientMessage } from '../../protocol/codec.ts';
import { parseRoom } from '../../protocol/names.ts';
import type { ServerMessage, ServerMessages } from '../../protocol/server-messages.ts';

/** What a line asks for: something of the server, or of the console itself. */
export type Wanted =
  | { readonly ask: ClientMessage }
  | { readonly own: 'help' | 'reload' | 'stop' }
  | { readonly audit: number };

interface Command {
  /** As people write it, without the slash. */
  readonly usage: string;
  readonly says: string;
  /** @param words what stands behind the command. @param rest the same as it was typed. */
  readonly read: (words: readonly string[], rest: string) => Result<object, string> | undefined;
}

/** Entries of the audit log that are shown where nobody says how many: a screen. */
const AUDIT_LINES = 20;
const MAX_AUDIT_LINES = 1000;

/** Cells of a command beside which the others' words are aligned. */
const MAX_ALIGNED = 24;

/** The text behind the first words. */
const after = (count: number, text: string): string => text.replace(new RegExp(`^(\\s*\\S+){0,${count}}\\s*`), '');
const withReason = (reason: string): object => (reason === '' ? {} : { reason });

function room(
  word: string | undefined,
  then: (name: string) => Result<object, string>,
): Result<object, string> | undefined {
  if (word === undefined) return undefined;
  const name = parseRoom(word);
  return name.ok ? then(name.value) : name;
}

/** `uid 1001`, or the number alone: two words or one. */
function target(words: readonly string[]): { readonly target: string; readonly words: number } | undefined {
  const [first, second] = words;
  if (first === undefined) return undefined;
  if (first.toLowerCase() === 'uid' && /^\d+$/.test(second ?? '')) return { target: `uid ${second}`, words: 2 };
  return { target: /^\d+$/.test(first) ? `uid ${first}` : first, words: 1 };
}

function ban(words: readonly string[], rest: string): Result<object, string> | undefined {
  const whom = target(words);
  if (whom === undefined) return undefined;
  const word = words[whom.words] ?? '';
  const lasts = parseDuration(word);
  // For good is not what somebody meant who typed 1w.
  if (!lasts.ok && looksLikeDuration(word)) return lasts;
  const reason = after(whom.words + (lasts.ok ? 1 : 0), rest);
  return ok({ type: 'ban', target: whom.target, ...(lasts.ok ? { for: lasts.value } : {}), ...withReason(reason) });
}

const user = (type: string, word: string | undefined): Result<object, string> | undefined =>
  word === undefined ? undefined : ok({ type, user: word });

const COMMANDS: Readonly<Record<string, Command>> = {
  who: {
    usage: 'who [DURATION]',
    says: 'who is here; with 1h, who was in that time',
    read: ([word]) => {
      if (word === undefined) return ok({ type: 'who' });
      const since = parseDuration(word);
      return since.ok ? ok({ type: 'who', since: since.value }) : since;
    },
  },
  rooms: { usage: 'rooms', says: 'all rooms, those that are closed too', read: () => ok({ type: 'rooms' }) },
  topic: {
    usage: 'topic ROOM TEXT',
    says: 'set the topic of a room; - takes it away',
    // As in a client, where a room alone asks for its topic: it must not be how one loses it.
    read: ([word, text], rest) =>
      text === undefined
        ? undefined
        : room(word, (name) => ok({ type: 'topic', room: name, text: after(1, rest).replace(/^-$/, '') })),
  },
  announce: {
    usage: 'announce TEXT',
    says: 'tell everybody, also those who are offline',
    read: (words, rest) => (words.length === 0 ? undefined : ok({ type: 'announce', text: rest })),
  },
  invite: {
    usage: 'invite',
    says: 'a code with which one makes an account',
    read: () => ok({ type: 'invite' }),
  },
  kick: {
    usage: 'kick USER [REASON]',
    says: 'put somebody out, who may come back',
    read: ([word], rest) =>
      word === undefined ? undefined : ok({ type: 'kick', user: word, ...withReason(after(1, rest)) }),
  },
  ban: { usage: 'ban USER|UID|ADDRESS [DURATION] [REASON]', says: 'keep somebody out', read: ban },
  unban: {
    usage: 'unban USER|UID|ADDRESS',
    says: 'end a ban',
    read: (words) => {
      const whom = target(words);
      return whom === undefined ? undefined : ok({ type: 'unban', target: whom.target });
    },
  },
  bans: { usage: 'bans', says: 'who is kept out', read: () => ok({ type: 'bans' }) },
  op: { usage: 'op USER', says: 'make an account an operator', read: ([word]) => user('op', word) },
  deop: { usage: 'deop USER', says: 'end that', read: ([word]) => user('deop', word) },
  slow: {
    usage: 'slow ROOM DURATION|off',
    says: 'everybody writes there once in that time',
    read: ([word, every]) =>
      every === undefined
        ? undefined
        : room(word, (name) => {
            const lasts = every === 'off' ? ok(0) : parseDuration(every);
            return lasts.ok ? ok({ type: 'slow', room: name, every: lasts.value }) : lasts;
          }),
  },
  keep: {
    usage: 'keep ROOM [90d|1GB|forever|default]',
    says: 'how long its messages are kept',
    read: ([word], rest) =>
      room(word, (name) => {
        const rule = after(1, rest).trim();
        if (rule === '') return ok({ type: 'keep', room: name });
        if (rule.toLowerCase() === 'default') return ok({ type: 'keep', room: name, default: true });
        const keep = parseKeep(rule);
        return keep.ok ? ok({ type: 'keep', room: name, keep: keep.value }) : keep;
      }),
  },
  close: {
    usage: 'close ROOM [REASON]',
    says: 'empty it, shut until an operator joins it',
    read: ([word], rest) => room(word, (name) => ok({ type: 'close', room: name, ...withReason(after(1, rest)) })),
  },
};

/** Those that ask nothing of the server's core. */
const OWN = {
  audit: { usage: 'audit [COUNT]', says: 'what operators have done of late' },
  help: { usage: 'help', says: 'this list' },
  reload: { usage: 'reload', says: 'read the settings again, as SIGHUP does' },
  stop: { usage: 'stop', says: 'stop the server' },
} as const;

export const WORDS: readonly string[] = [...Object.keys(COMMANDS), ...Object.keys(OWN)].map((word) => `/${word}`);

export function helpLines(): string[] {
  const all = [...Object.values(COMMANDS), ...Object.values(OWN)];
  // The few long ones would push what all others say over the edge of 80 columns.
  const width = Math.max(...all.map(({ usage }) => usage.length).filter((length) => length <= MAX_ALIGNED));
  return all.map(({ usage, says }) => `/${usage.padEnd(width)}  ${says}`);
}

/** @param id for what is asked of the server. @returns what a line wants, or what is wrong with it. */
export function readCommand(line: string, id: string): Result<Wanted, string> {
  const [, word = '', rest = ''] = /^\/(\S*)\s*(.*)$/s.exec(line.trim()) ?? [];
  if (word === '') return err('commands begin with /, such as /who; /help lists them');
  const words = rest.split(/\s+/).filter(Boolean);
  if (word === 'help' || word === 'reload' || word === 'stop') return ok({ own: word });
  if (word === 'audit') {
    const count = words[0] === undefined ? AUDIT_LINES : Number(words[0]);
    return Number.isInteger(count) && count > 0 && count <= MAX_AUDIT_LINES
      ? ok({ audit: count })
      : err(`/audit takes a number up to ${MAX_AUDIT_LINES}`);
  }
  const command = Object.hasOwn(COMMANDS, word) ? COMMANDS[word] : undefined;
  if (command === undefined) return err(`there is no command /${word}; /help lists them`);
  const read = command.read(words, rest);
  if (read === undefined) return err(`write /${command.usage}`);
  if (!read.ok) return read;
  // The server's own check says what is wrong with a name.
  const message = decodeClientMessage(JSON.stringify({ ...read.value, id }));
  return message.ok ? ok({ ask: message.value }) : err(`${message.error.text}; write /${command.usage}`);
}

function keptLine({ room: name, keep, own, since }: ServerMessages['kept']): string {
  const oldest = since === undefined ? 'none is there' : `the oldest one is from ${new Date(since).toISOString()}`;
  return `messages of ${name} are kept ${keepWords(keep)} (${own ? 'its own rule' : "the server's rule"}); ${oldest}`;
}

/** @param now milliseconds since 1970. @returns what the answer says, and whether more of it follows. */
export function answerLines(frame: ServerMessage, now: number): { readonly lines: string[]; readonly more: boolean } {
  const one = (line: string) => ({ lines: [line], more: false });
  switch (frame.type) {
    case 'done':
      return one(frame.text);
    case 'error':
      return one(`! ${frame.text} (${frame.code})`);
    case 'topic':
      return one(
        frame.text === '' ? `${frame.room} has no topic any more` : `${frame.room} has the topic: ${frame.text}`,
      );
    case 'users':
      return {
        lines: frame.users.map(({ name, state, since }) => `${name}  ${state}  ${shortDuration(now - since)}`),
        more: frame.more,
      };
    case 'rooms':
      return {
        lines: frame.rooms.map(({ name, members, topic }) => `${name}  ${members}  ${topic}`.trimEnd()),
        more: frame.more,
      };
    case 'kept':
      return one(keptLine(frame));
    case 'invite':
      // A moment has passed since the code was made.
      return one(
        `${frame.code}  makes one account, within ${shortDuration(Math.ceil((frame.until - now) / 60_000) * 60_000)}`,
      );
    case 'bans':
      return {
        lines: frame.bans.map(({ target: whom, by, until, reason }) => {
          const end = until === undefined ? 'for good' : `for ${shortDuration(until - now)} more`;
          return `${whom}  by ${by}, ${end}${reason === '' ? '' : `: ${reason}`}`;
        }),
        more: frame.more,
      };
    case 'welcome':
    case 'message':
    case 'changed':
    case 'typing':
    case 'found':
    case 'ack':
    case 'room':
    case 'joined':
    case 'left':
    case 'members':
    case 'presence':
    case 'history':
    case 'mail':
    case 'mailed':
    case 'device':
    case 'devices':
    case 'private':
    case 'ignored':
    case 'keys':
    case 'lan':
    case 'pong':
    case 'bye':
      return { lines: [], more: false };
  }
}
