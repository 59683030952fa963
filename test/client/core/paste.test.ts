import { describe, expect, test } from 'vitest';
import type { Rate } from '../../../src/base/token-bucket.ts';
import { TokenBucket } from '../../../src/base/token-bucket.ts';
import type { Effect } from '../../../src/client/core/event.ts';
import { MAX_INPUT } from '../../../src/client/core/input-line.ts';
import { MAX_PENDING } from '../../../src/client/core/outbox.ts';
import { nextWake } from '../../../src/client/core/wake.ts';
import type { ClientMessage } from '../../../src/protocol/client-messages.ts';
import { MAX_TEXT_BYTES } from '../../../src/protocol/limits.ts';
import { WRITES } from '../../../src/server/core/limits.ts';
import { at, Drive, info, only, room, sent, seq } from './drive.ts';

const LINES = Array.from({ length: 8 }, (_, i) => `line ${i + 1}`).join('\n');
/** 60 kB, in lines. */
const PAGES = Array.from({ length: 1000 }, (_, i) => `${i}`.padStart(4, '0').padEnd(60, ' x')).join('\n');

const online = (): Drive => {
  const drive = new Drive();
  drive.login([info('#lobby'), info('#dev')]);
  return drive;
};
const asked = (drive: Drive) => {
  const found = drive.state.tabs[drive.state.active]?.mode;
  return found?.kind === 'ask' ? found : undefined;
};
const says = (messages: readonly ClientMessage[]): string[] =>
  messages.flatMap((message) => (message.type === 'say' ? [message.text] : []));
/** A letter, when the question has been read. */
const answer = (drive: Drive, letter: string): ClientMessage[] => {
  drive.pass(1000);
  return drive.type(letter);
};

describe('a short paste', () => {
  test('goes into the line where the cursor is, and is one message with all its newlines', () => {
    const drive = online();
    drive.type('see: ');
    expect(says(drive.paste('one\ntwo\nthree\n'))).toEqual([]);
    expect(drive.input()).toBe('see: one\ntwo\nthree');
    expect(only(drive.key('enter'), 'say').text).toBe('see: one\ntwo\nthree');
  });

  test('never does what it says: neither its newlines nor its slashes send or run anything', () => {
    const drive = online();
    expect(says(drive.paste('hello\n/quit\n'))).toEqual([]);
    expect(drive.state.connection.kind).toBe('online');
    expect(drive.effects.map((effect) => effect.do)).not.toContain('quit');
  });

  test('of several lines that begin with a slash is said at Enter, as it is, and not done', () => {
    const drive = online();
    drive.paste('/quit\nis what he wrote');
    expect(drive.state.hint?.text).toContain('said, not done');
    expect(says(drive.key('enter'))).toEqual(['/quit\nis what he wrote']);
    expect(drive.effects.some((effect) => effect.do === 'quit')).toBe(false);
    // A line alone is a command that somebody has copied.
    drive.paste('/help\n');
    expect(drive.input()).toBe('/help');
  });

  test('before other text keeps the newline at its end', () => {
    const drive = online();
    drive.type('after');
    drive.key('ctrl-a');
    drive.paste('first\n');
    expect(drive.input()).toBe('first\nafter');
  });

  test('a newline alone is a newline', () => {
    const drive = online();
    drive.type('a');
    drive.paste('\n');
    expect(drive.input()).toBe('a\n');
  });
});

describe('a line that is full', () => {
  const full = (): Drive => {
    const drive = online();
    drive.tab().draft = { text: 'x'.repeat(MAX_INPUT - 1), cursor: MAX_INPUT - 1 };
    return drive;
  };

  test('takes no more letters, and says so', () => {
    const drive = full();
    drive.type('y');
    expect(drive.state.hint).toBeUndefined();
    drive.type('z');
    expect(drive.input().endsWith('xy')).toBe(true);
    expect(drive.state.hint).toEqual({ text: `the line is full: it holds ${MAX_INPUT} characters`, bad: true });
  });

  test('takes of a paste what fits; it is asked about, since it is more than one message anyway', () => {
    const drive = full();
    drive.paste('abcdef');
    expect(asked(drive)).toMatchObject({ lost: 5 });
  });
});

describe('a long paste', () => {
  test.each([
    ['of more than five lines', LINES],
    ['of more than a thousand characters', 'word '.repeat(201)],
    ['of more than one message holds', 'ü'.repeat(MAX_TEXT_BYTES)],
  ])('%s is asked about first, and the draft stays as it was', (_, text) => {
    const drive = online();
    drive.type('draft ');
    expect(says(drive.paste(text))).toEqual([]);
    expect(asked(drive)).toBeDefined();
    expect(drive.input()).toBe('draft ');
  });

  test('five lines, and a thousand characters, are not long', () => {
    const drive = online();
    drive.paste('1\n2\n3\n4\n5');
    drive.paste('x'.repeat(990));
    expect(asked(drive)).toBeUndefined();
  });

  test('s sends it as one message, with what was written before it', () => {
    const drive = online();
    drive.type('look:\n');
    drive.paste(LINES);
    expect(asked(drive)).toMatchObject({ lines: 8, messages: 1 });
    expect(says(answer(drive, 's'))).toEqual([`look:\n${LINES}`]);
    expect(drive.input()).toBe('');
    expect(asked(drive)).toBeUndefined();
  });

  test('e keeps it in the line; n, f, Esc, Ctrl-G and Ctrl-C leave it out and do nothing else', () => {
    const drive = online();
    drive.type('a ');
    drive.paste(LINES);
    answer(drive, 'e');
    expect(drive.input()).toBe(`a ${LINES}`);
    drive.key('ctrl-_');
    expect(drive.input()).toBe('a ');
    for (const leave of ['n', 'f', 'escape', 'ctrl-g', 'ctrl-c']) {
      drive.paste(LINES);
      drive.pass(1000);
      const messages = leave.length === 1 ? drive.type(leave) : drive.key(leave);
      expect(messages.map(({ type }) => type)).not.toContain('bye');
      expect([drive.input(), asked(drive)]).toEqual(['a ', undefined]);
    }
  });

  test('Enter and Tab answer nothing, and neither does any other letter', () => {
    const drive = online();
    drive.paste(LINES);
    drive.pass(1000);
    expect(says([...drive.key('enter', 'tab', 'ctrl-d'), ...drive.type('y')])).toEqual([]);
    expect(asked(drive)).toBeDefined();
    expect(drive.input()).toBe('');
  });

  test('a letter that was typed on right after it does not send it', () => {
    const drive = online();
    drive.paste(LINES);
    drive.pass(100);
    expect(says(drive.type('s'))).toEqual([]);
    expect(asked(drive)).toBeDefined();
    expect(says(answer(drive, 's'))).toEqual([LINES]);
  });

  test('a key that edits takes it into the line, and works on it', () => {
    const drive = online();
    drive.paste(LINES);
    drive.key('backspace');
    expect(drive.input()).toBe(LINES.slice(0, -1));
    drive.key('ctrl-_', 'ctrl-_');
    expect(drive.input()).toBe('');
  });

  test('the question stays with its tab while one looks at another', () => {
    const drive = online();
    drive.paste(LINES);
    drive.key('alt-2');
    expect(says(answer(drive, 's'))).toEqual([]);
    expect(drive.input()).toBe('s');
    drive.key('ctrl-u', 'alt-1');
    const [message] = answer(drive, 's').filter(({ type }) => type === 'say');
    expect(message).toMatchObject({ to: '#lobby', text: LINES });
  });

  test('two pastes, or one that the terminal tells in pieces, are asked about together', () => {
    const drive = online();
    drive.paste(LINES);
    drive.paste('\nmore\nlines');
    expect(asked(drive)).toMatchObject({ lines: 11 });
    drive.key('escape');
    expect(drive.input()).toBe('');
    drive.paste(LINES);
    drive.paste('\nmore');
    expect(says(answer(drive, 's'))).toEqual([`${LINES}\nmore`]);
  });

  test('of megabytes is cut to what the line holds, and the question says how much had no room', () => {
    const drive = online();
    drive.paste('x'.repeat(200_000));
    expect(asked(drive)).toMatchObject({ characters: 200_000, lost: 200_000 - MAX_INPUT, messages: 8 });
    drive.paste('y'.repeat(1000));
    expect(asked(drive)?.lost).toBe(201_000 - MAX_INPUT);
  });

  test('that begins with a slash is said when it is sent, not run', () => {
    const drive = online();
    drive.paste(`/quit\n${LINES}`);
    expect(says(answer(drive, 's'))).toEqual([`/quit\n${LINES}`]);
  });

  test('that begins with a slash and is kept in the line is said at Enter, too', () => {
    const drive = online();
    drive.paste(`/quit\n${LINES}`);
    answer(drive, 'e');
    expect(says(drive.key('enter'))).toEqual([`/quit\n${LINES}`]);
  });

  test('behind a command is its argument, and goes with it or not at all', () => {
    const drive = online();
    drive.type('/broadcast ');
    drive.paste(LINES);
    expect(asked(drive)).toMatchObject({ messages: 1 });
    expect(says(answer(drive, 's'))).toEqual([LINES]);
    drive.type('/broadcast ');
    drive.paste(PAGES);
    expect(asked(drive)).toMatchObject({ messages: 0 });
    expect(says(answer(drive, 's'))).toEqual([]);
    expect(asked(drive)).toBeDefined();
  });

  test('is in the history as a whole', () => {
    const drive = online();
    drive.paste(PAGES);
    answer(drive, 's');
    drive.key('up');
    expect(drive.input()).toBe(PAGES);
  });
});

describe('a draft that is too long for one message', () => {
  test('is asked about at Enter; s sends it in parts, in its order, n goes on with it', () => {
    const drive = online();
    drive.paste(PAGES);
    answer(drive, 'e');
    expect(says(drive.key('enter'))).toEqual([]);
    expect(asked(drive)).toMatchObject({ messages: 8 });
    answer(drive, 'n');
    expect(drive.input()).toBe(PAGES);
    drive.key('enter');
    answer(drive, 's');
    expect(
      drive
        .tab()
        .pending.map(({ text }) => text)
        .join('\n'),
    ).toBe(PAGES);
    expect(drive.input()).toBe('');
  });

  test('stays in the line where as many messages can’t wait', () => {
    const drive = online();
    drive.event({ type: 'linkDown', text: 'gone' });
    for (let i = 0; i < MAX_PENDING - 5; i += 1) drive.enter(`${i}`);
    drive.paste(PAGES);
    answer(drive, 's');
    expect(drive.input()).toBe(PAGES);
    expect(drive.state.hint).toMatchObject({ bad: true, text: expect.stringContaining('these are 8') });
    expect(drive.tab().pending).toHaveLength(MAX_PENDING - 5);
  });
});

/** A server that takes no more from one session than ours does, and needs so many ms for each message. */
class Limited {
  readonly stored: string[] = [];
  refusals = 0;
  readonly #drive: Drive;
  readonly #bucket: TokenBucket;
  readonly #each: number;
  readonly #queue: Extract<ClientMessage, { type: 'say' }>[] = [];

  constructor(drive: Drive, rate: Rate, each: number) {
    this.#drive = drive;
    this.#bucket = new TokenBucket(rate, drive.mono);
    this.#each = each;
  }

  take(effects: readonly Effect[]): void {
    for (const message of sent(effects)) if (message.type === 'say') this.#queue.push(message);
  }

  /** Until nothing more is under way, and nothing waits for its time. */
  settle(): void {
    const drive = this.#drive;
    for (let i = 0; i < 5000; i += 1) {
      const message = this.#queue.shift();
      if (message === undefined) {
        const wake = nextWake(drive.state);
        if (drive.tab().pending.length === 0 || wake === undefined) return;
        drive.mono = Math.max(drive.mono, wake);
        this.take(drive.tick());
        continue;
      }
      drive.pass(this.#each);
      this.take(drive.event({ type: 'message', message: this.#answer(message) }));
    }
    throw new Error('it does not come to an end');
  }

  #answer({ id, text }: Extract<ClientMessage, { type: 'say' }>) {
    if (id === undefined) throw new Error('a message without an id');
    if (this.#bucket.take(this.#drive.mono)) {
      this.stored.push(text);
      return { type: 'ack', id, to: room('#lobby'), seq: seq(this.stored.length), time: at(0) } as const;
    }
    this.refusals += 1;
    return { type: 'error', id, code: 'rate_limited', text: 'too many messages', closes: false } as const;
  }
}

describe('the server’s limit', () => {
  /** Pastes so often, each sent in parts, at a server that has little left for us. */
  function pasted(times: number, rate: Rate, each: number) {
    const drive = online();
    const server = new Limited(drive, rate, each);
    for (let i = 0; i < times; i += 1) {
      drive.paste(PAGES.replaceAll(/^/gm, `${i} `));
      drive.pass(1000);
      server.take(drive.event({ type: 'key', key: { kind: 'text', text: 's' } }));
    }
    server.settle();
    return { drive, server };
  }

  test('refuses no paste: ten long ones come whole, each part once and in its order', () => {
    const { drive, server } = pasted(10, WRITES, 1);
    expect(drive.tab().pending).toEqual([]);
    const whole = Array.from({ length: 10 }, (_, i) => PAGES.replaceAll(/^/gm, `${i} `)).join('\n');
    expect(server.stored.join('\n')).toBe(whole);
    expect(server.refusals).toBeGreaterThan(0);
    expect(drive.notices()).toEqual([]);
  });

  test('keeps the order also where it has room again in the middle of it', () => {
    // Parts that are all sent at once would be refused but for every fourth.
    const { drive, server } = pasted(2, { burst: 1, perSecond: 5 }, 50);
    expect(drive.texts()).toEqual(server.stored);
    const whole = [0, 1].map((i) => PAGES.replaceAll(/^/gm, `${i} `)).join('\n');
    expect(server.stored.join('\n')).toBe(whole);
  });
});
