import { describe, expect, test } from 'vitest';
import { NO_LONGER_KEPT } from '../../../src/client/core/gone.ts';
import { noteSeen } from '../../../src/client/core/seen.ts';
import { view } from '../../../src/client/view/view.ts';
import type { ClientMessage, ClientMessages } from '../../../src/protocol/client-messages.ts';
import { at, Drive, info, only, room, START, seq, user } from './drive.ts';

const LOBBY = room('#lobby');

/** A room of which the server has removed what stood before a place, and whose questions it answers at once. */
class Kept {
  readonly drive: Drive;
  first = 1;
  end: number;
  readonly asked: ClientMessages['history'][] = [];

  constructor(end: number, drive = new Drive()) {
    this.drive = drive;
    this.end = end;
    this.serve(drive.login([info('#lobby', end)]));
  }

  #page({ before, since, around, limit = 200 }: ClientMessages['history']): [number, number] {
    if (around !== undefined) {
      const from = Math.max(this.first, Math.max(this.first, around) - limit / 2);
      return [from, Math.min(this.end, from + limit - 1)];
    }
    if (since !== undefined) {
      const from = Math.max(this.first, since + 1);
      return [from, Math.min(this.end, from + limit - 1)];
    }
    const to = Math.min(this.end, (before ?? this.end + 1) - 1);
    return [Math.max(this.first, to - limit + 1), to];
  }

  serve(sent: readonly ClientMessage[]): void {
    for (const message of sent) {
      if (message.type !== 'history') continue;
      this.asked.push(message);
      const [from, to] = this.#page(message);
      const isForward = message.since !== undefined || message.around !== undefined;
      this.serve(
        this.drive.get({
          type: 'history',
          ...(message.id === undefined ? {} : { id: message.id }),
          room: LOBBY,
          messages: Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => ({
            seq: seq(from + i),
            from: user('bob'),
            text: `line ${from + i}`,
            time: at(START + from + i),
          })),
          more: isForward ? to < this.end : from > this.first,
          ...(message.around === undefined ? {} : { moreOlder: from > this.first }),
          ...(this.first > 1 ? { first: seq(this.first) } : {}),
        }),
      );
    }
  }

  /** A hundred days later. */
  back(first: number, end: number): void {
    this.drive.event({ type: 'linkDown', text: 'the line broke' });
    [this.first, this.end] = [first, end];
    this.asked.length = 0;
    this.serve(this.drive.login([info('#lobby', end)]));
  }

  /** Somebody says something now. */
  say(n: number): void {
    this.end = n;
    const time = at(START + n);
    this.serve(this.drive.get({ type: 'message', to: LOBBY, seq: seq(n), from: user('bob'), text: `line ${n}`, time }));
  }

  press(...names: string[]): void {
    for (const name of names) this.serve(this.drive.key(name));
  }

  /** What stands in the log, in short. */
  log(): string[] {
    return this.drive.tab().log.entries.flatMap((entry) => {
      if (entry.kind === 'message') return [`${entry.seq}`];
      return entry.kind === 'notice' ? [entry.text] : [];
    });
  }

  screen(): string {
    return view(this.drive.state, { now: at(START), mono: this.drive.mono })
      .rows.map((row) => row.map(({ text }) => text).join(''))
      .join('\n');
  }
}

describe('after a long time away', () => {
  test('what is left is fetched once, with a mark where the rest was', () => {
    const kept = new Kept(10);
    kept.back(500, 900);
    // Three pages, however far the first of them is from what was here.
    expect(kept.asked.length).toBeLessThanOrEqual(3);
    const log = kept.log();
    expect(log.slice(8, 13)).toEqual(['9', '10', NO_LONGER_KEPT, '500', '501']);
    expect(log.at(-1)).toBe('900');
    expect(log.filter((line) => line === NO_LONGER_KEPT)).toHaveLength(1);
    const asked = kept.asked.length;
    kept.say(901);
    kept.serve([...kept.drive.tick()].flatMap((effect) => (effect.do === 'send' ? [effect.message] : [])));
    expect(kept.asked).toHaveLength(asked);
    expect(kept.log().at(-1)).toBe('901');
  });

  test('the mark has the time of what follows it, so that no day is told twice', () => {
    const kept = new Kept(10);
    kept.back(500, 900);
    const { entries } = kept.drive.tab().log;
    const mark = entries.findIndex((entry) => entry.kind === 'notice');
    expect(entries[mark]?.time).toBe(entries[mark + 1]?.time);
  });

  test('where nothing is left, that is said, nothing is asked again, and what is said next is shown at once', () => {
    const kept = new Kept(10);
    kept.back(500, 499);
    expect(kept.asked).toHaveLength(1);
    expect(kept.log().slice(-2)).toEqual(['10', NO_LONGER_KEPT]);
    kept.say(500);
    expect(kept.asked).toHaveLength(1);
    expect(kept.log().at(-1)).toBe('500');
    kept.back(500, 500);
    expect(kept.asked.length).toBeLessThanOrEqual(1);
    expect(kept.log().slice(-3)).toEqual(['10', NO_LONGER_KEPT, '500']);
  });

  test('a gap of thousands, of which a page is left, keeps what is here', () => {
    const kept = new Kept(10);
    kept.back(9900, 10_000);
    expect(kept.log().slice(8, 12)).toEqual(['9', '10', NO_LONGER_KEPT, '9900']);
    expect(kept.drive.tab().unread).toBeLessThanOrEqual(101);
  });

  test('what comes while the page is on its way waits, and follows it', () => {
    const kept = new Kept(10);
    kept.drive.event({ type: 'linkDown', text: 'the line broke' });
    [kept.first, kept.end] = [500, 510];
    const sent = kept.drive.login([info('#lobby', 510)]);
    kept.drive.hear('#lobby', 511, 'line 511');
    kept.serve(sent);
    expect(kept.log().slice(-3)).toEqual(['509', '510', '511']);
    expect(kept.log()).toContain(NO_LONGER_KEPT);
  });

  test('only what is there counts as unread', () => {
    const first = new Kept(10);
    noteSeen(first.drive.state);
    const drive = new Drive({ memory: JSON.parse(JSON.stringify(first.drive.state.memory)) });
    const sent = drive.login([info('#lobby', 505), info('#dev')]);
    drive.key('alt-2');
    const asked = only(sent, 'history');
    drive.get({
      type: 'history',
      ...(asked.id ? { id: asked.id } : {}),
      room: LOBBY,
      messages: [503, 504, 505].map((n) => ({ seq: seq(n), from: user('bob'), text: `${n}`, time: at(START) })),
      more: true,
      first: seq(501),
    });
    expect(drive.tab().unread).toBe(5);
  });

  test('a server that says nonsense of where a room begins hides nothing', () => {
    const kept = new Kept(10);
    kept.back(4_000_000_000, 12);
    kept.first = 1;
    kept.say(13);
    expect(kept.log().at(-1)).toBe('13');
  });

  test('a server with a backup that begins earlier gives what it has', () => {
    const kept = new Kept(10);
    kept.back(500, 600);
    kept.back(1, 650);
    expect(kept.log().filter((line) => line === NO_LONGER_KEPT)).toHaveLength(1);
    expect(kept.log().slice(-2)).toEqual(['649', '650']);
  });
});

describe('reading back', () => {
  test('ends with words above the first message that is there', () => {
    const kept = new Kept(900);
    kept.first = 600;
    for (let i = 0; i < 60; i++) kept.press('pageup');
    expect(kept.drive.tab().log.first).toBe(600);
    expect(kept.screen()).toContain(NO_LONGER_KEPT);
    const asked = kept.asked.length;
    for (let i = 0; i < 5; i++) kept.press('pageup');
    expect(kept.asked).toHaveLength(asked);
  });

  test('of a room that has all its messages ends without them', () => {
    const kept = new Kept(300);
    for (let i = 0; i < 60; i++) kept.press('pageup');
    expect(kept.drive.tab().log.first).toBe(1);
    expect(kept.screen()).not.toContain(NO_LONGER_KEPT);
  });

  test('to the very beginning is to the first that is there', () => {
    const kept = new Kept(5000);
    kept.first = 2000;
    kept.press('alt-home');
    expect(kept.screen()).toContain('line 2000');
    expect(kept.screen()).toContain(NO_LONGER_KEPT);
    expect(kept.drive.state.hint).toBeUndefined();
  });
});

describe('what is gone', () => {
  test('and was found shortly before is told to be gone, and the oldest one is shown', () => {
    const kept = new Kept(5000);
    const asked = only(kept.drive.enter('/search line'), 'search');
    kept.drive.get({
      type: 'found',
      ...(asked.id ? { id: asked.id } : {}),
      messages: [{ room: LOBBY, seq: seq(7), from: user('bob'), text: 'line 7', time: at(START) }],
      more: false,
    });
    kept.first = 2000;
    kept.press('enter');
    expect(kept.screen()).toContain('line 2000');
    expect(kept.drive.state.hint?.text).toBe('that message is no longer kept: this is the oldest one');
  });

  test('is called so where something answers it', () => {
    const kept = new Kept(10);
    kept.back(500, 500);
    kept.drive.get({
      type: 'message',
      to: LOBBY,
      seq: seq(501),
      from: user('bob'),
      text: 'yes',
      time: at(START),
      re: seq(300),
    });
    expect(kept.screen()).toContain('a message that is no longer kept');
  });

  test('and still on the screen can not be changed, in the server’s words', () => {
    const drive = new Drive();
    drive.login();
    drive.enter('helo');
    const { id } = only(
      drive.effects.flatMap((effect) => (effect.do === 'send' ? [effect.message] : [])),
      'say',
    );
    drive.get({ type: 'ack', id: id!, to: LOBBY, seq: seq(1), time: at(START) });
    const asked = only(drive.enter('/correct hello'), 'edit');
    drive.get({
      type: 'error',
      ...(asked.id ? { id: asked.id } : {}),
      code: 'not_kept',
      text: 'The message was there, and is no longer kept.',
      closes: false,
    });
    expect(drive.state.hint?.text).toContain('no longer kept');
    expect(drive.texts()).toEqual(['helo']);
  });
});
