import { describe, expect, test } from 'vitest';
import { MAX_HITS } from '../../../src/client/core/search.ts';
import { view } from '../../../src/client/view/view.ts';
import type { ClientMessage, ClientMessages } from '../../../src/protocol/client-messages.ts';
import { MAX_QUERY_BYTES } from '../../../src/protocol/limits.ts';
import { at, clientId, Drive, info, only, room, START, seq, types, user } from './drive.ts';

const LAST = 900;

/** Of the lobby only the newest page is here. */
function online(): Drive {
  const drive = new Drive();
  const sent = drive.login([info('#lobby', LAST), info('#dev')]);
  page(drive, only(sent, 'history'), LAST - 199, LAST);
  return drive;
}

function page(drive: Drive, { id }: ClientMessages['history'], from: number, to: number): ClientMessage[] {
  const messages = Array.from({ length: to - from + 1 }, (_, i) => entry(from + i));
  const answer = { type: 'history', room: room('#lobby'), messages, more: true, moreOlder: true } as const;
  return drive.get({ ...answer, ...(id === undefined ? {} : { id }) });
}

const entry = (n: number) => ({ seq: seq(n), from: user('bob'), text: `the build ${n}`, time: at(START + n * 60_000) });
const hit = (n: number, name = '#lobby') => ({ ...entry(n), room: room(name) });

function found(
  drive: Drive,
  asked: readonly ClientMessage[],
  places: readonly number[],
  before?: string,
  name?: string,
) {
  return drive.get({
    type: 'found',
    id: only(asked, 'search').id ?? clientId('none'),
    messages: places.map((n) => hit(n, name)),
    more: before !== undefined,
    ...(before === undefined ? {} : { before }),
  });
}

const shown = (drive: Drive): string[] =>
  view(drive.state, { now: at(START), mono: drive.mono }).rows.map((row) => row.map(({ text }) => text).join(''));
const chosen = (drive: Drive): number | undefined => drive.state.search?.hits[drive.state.search.index]?.seq;
const isListed = (drive: Drive): boolean => drive.state.overlay?.kind === 'search';

describe('/search', () => {
  test('asks for the room that one is in, and with -a for all', () => {
    const drive = online();
    expect(only(drive.enter('/search the build'), 'search')).toMatchObject({ words: 'the build', room: '#lobby' });
    drive.key('escape');
    const all = only(drive.enter('/search -a from:bob build'), 'search');
    expect(all.words).toBe('from:bob build');
    expect(all).not.toHaveProperty('room');
  });

  test('lists what was found, the newest first, with its words marked', () => {
    const drive = online();
    found(drive, drive.enter('/search build'), [880, 12, 3]);
    const rows = shown(drive);
    expect(rows.find((row) => row.includes('Search:'))).toMatch(/build +#lobby {2}1 of 3/);
    expect(rows.filter((row) => /bob {2}the build \d+/.test(row)).map((row) => /\d+ *$/.exec(row)?.[0].trim())).toEqual(
      ['880', '12', '3'],
    );
    const marks = view(drive.state, { now: at(START), mono: drive.mono })
      .rows.flat()
      .filter(({ text }) => text === 'build');
    expect(marks.filter(({ underline }) => underline === true)).toHaveLength(3);
  });

  test('says that nothing was found, and what is wrong, in the list', () => {
    const drive = online();
    found(drive, drive.enter('/search nothing'), []);
    expect(shown(drive).join('\n')).toContain('#lobby: nothing was found');
    drive.key('escape');
    const asked = only(drive.enter('/search other'), 'search');
    drive.get({
      type: 'error',
      ...(asked.id ? { id: asked.id } : {}),
      code: 'no_words',
      text: 'no words',
      closes: false,
    });
    expect(shown(drive).join('\n')).toContain('#lobby: no words');
  });

  test('needs words, a server, and no more bytes than a search has', () => {
    const drive = online();
    expect(types(drive.enter('/search'))).toEqual([]);
    expect(drive.state.hint).toMatchObject({ bad: true });
    drive.key('ctrl-u');
    drive.enter(`/search ${'x'.repeat(MAX_QUERY_BYTES + 1)}`);
    expect(drive.state.hint?.text).toContain(`at most ${MAX_QUERY_BYTES} bytes`);
    drive.key('ctrl-u');
    drive.event({ type: 'linkDown', text: 'gone' });
    drive.enter('/search build');
    expect(drive.state.hint?.text).toContain('the server is needed');
  });

  test('shows nothing of those whose messages are left out', () => {
    const drive = online();
    const asked = drive.enter('/search build');
    drive.get({ type: 'ignored', blocked: [], muted: [{ user: user('bob') }] });
    found(drive, asked, [880, 12]);
    expect(drive.state.search?.hits).toEqual([]);
  });

  test('alone after one that found nothing says so, and opens no empty list', () => {
    const drive = online();
    found(drive, drive.enter('/search nothing'), []);
    drive.key('escape');
    drive.enter('/search');
    expect(isListed(drive)).toBe(false);
    expect(drive.state.hint).toMatchObject({ bad: true, text: expect.stringContaining('nothing was found') });
  });

  test('offers people behind from:, and words as anywhere', () => {
    const drive = online();
    drive.get({ type: 'presence', user: user('bob'), state: 'online', since: at(START) });
    drive.type('/search -a words from:b');
    drive.key('tab');
    expect(drive.input()).toBe('/search -a words from:bob ');
    drive.key('ctrl-u');
    drive.type('say from:b');
    drive.key('tab');
    expect(drive.input()).toBe('say from:b');
  });

  test('alone leads back to what was found last', () => {
    const drive = online();
    found(drive, drive.enter('/search build'), [880, 12, 3]);
    drive.key('escape');
    expect(isListed(drive)).toBe(false);
    expect(types(drive.enter('/search'))).toEqual([]);
    expect(isListed(drive)).toBe(true);
  });
});

describe('in the list', () => {
  test('n and N, the arrows, and the ends move', () => {
    const drive = online();
    found(drive, drive.enter('/search build'), [880, 12, 3]);
    drive.type('n');
    expect(chosen(drive)).toBe(12);
    drive.type('N');
    expect(chosen(drive)).toBe(880);
    drive.key('down', 'down');
    expect(chosen(drive)).toBe(3);
    drive.type('n');
    expect(drive.state.hint?.text).toContain('last hit');
    drive.key('home');
    expect(chosen(drive)).toBe(880);
    drive.key('end');
    expect(chosen(drive)).toBe(3);
    expect(drive.tab().draft.text).toBe('');
  });

  test('the wheel moves, and a letter that does nothing says which do', () => {
    const drive = online();
    found(
      drive,
      drive.enter('/search build'),
      Array.from({ length: 9 }, (_, i) => 800 - i),
    );
    drive.event({ type: 'wheel', up: false, x: 5, y: 5 });
    expect(chosen(drive)).toBe(797);
    drive.event({ type: 'wheel', up: true, x: 5, y: 5 });
    expect(chosen(drive)).toBe(800);
    drive.type('x');
    expect(drive.state.hint?.text).toContain('n older');
    expect(drive.tab().draft.text).toBe('');
  });

  test('more are asked for before the end is reached, once, and follow', () => {
    const drive = online();
    found(
      drive,
      drive.enter('/search build'),
      Array.from({ length: 20 }, (_, i) => 800 - i),
      'c1',
    );
    for (let i = 0; i < 9; i++) expect(types(drive.type('n'))).not.toContain('search');
    const asked = drive.type('n');
    expect(only(asked, 'search').before).toBe('c1');
    expect(types(drive.type('n'))).not.toContain('search');
    found(drive, asked, [5]);
    expect(drive.state.search?.hits).toHaveLength(21);
  });

  test('an answer without a hit is followed by the next question, for a while', () => {
    const drive = online();
    let asked: readonly ClientMessage[] = drive.enter('/search rare');
    let questions = 1;
    while (types(asked).includes('search') && questions < 100) {
      asked = found(drive, asked, [], `c${questions}`);
      questions++;
    }
    expect(questions).toBeLessThan(30);
    expect(questions).toBeGreaterThan(5);
    expect(shown(drive).join('\n')).toContain('nothing was found yet');
  });

  test('no more than so many hits are kept', () => {
    const drive = online();
    let asked: readonly ClientMessage[] = drive.enter('/search build');
    for (let i = 0; i < MAX_HITS / 50 + 5 && types(asked).includes('search'); i++) {
      found(
        drive,
        asked,
        Array.from({ length: 50 }, (_, k) => 1 + ((i * 50 + k) % 800)),
        `c${i}`,
      );
      asked = drive.key('end');
    }
    expect(drive.state.search?.hits).toHaveLength(MAX_HITS);
  });

  test('the answer to a search that was left for another is dropped', () => {
    const drive = online();
    const first = drive.enter('/search one');
    drive.key('escape');
    const second = drive.enter('/search two');
    found(drive, first, [880]);
    expect(drive.state.search?.hits).toEqual([]);
    found(drive, second, [12]);
    expect(chosen(drive)).toBe(12);
  });

  test('fits every window', () => {
    const drive = online();
    found(drive, drive.enter('/search build'), [880, 12, 3]);
    for (const [columns, rows] of [
      [200, 60],
      [80, 24],
      [40, 10],
      [20, 5],
      [3, 2],
      [1, 1],
    ] as const) {
      drive.event({ type: 'resize', columns, rows });
      expect(shown(drive)).toHaveLength(rows);
    }
  });
});

describe('a hit', () => {
  const looking = (): Drive => {
    const drive = online();
    found(drive, drive.enter('/search build'), [880, 350, 3]);
    return drive;
  };

  test('that is held is shown where it stands, with its words marked there', () => {
    const drive = looking();
    expect(types(drive.key('enter'))).not.toContain('history');
    expect(isListed(drive)).toBe(false);
    const rows = shown(drive);
    expect(rows.some((row) => row.includes('the build 880'))).toBe(true);
    expect(rows.join('\n')).toContain('hit 1 of 3');
  });

  test('far back is fetched with what is around it; n goes to the next, N to the one before', () => {
    const drive = looking();
    drive.key('enter');
    const asked = only(drive.type('n'), 'history');
    expect(asked.around).toBe(350);
    page(drive, asked, 250, 449);
    expect(shown(drive).some((row) => row.includes('the build 350'))).toBe(true);
    drive.type('N');
    expect(shown(drive).some((row) => row.includes('the build 880'))).toBe(true);
    expect(drive.tab().draft.text).toBe('');
  });

  test('Esc leads back to where one was', () => {
    const drive = online();
    drive.key('pageup', 'pageup');
    const { scroll } = drive.tab();
    found(drive, drive.enter('/search build'), [350]);
    const before = shown(drive);
    page(drive, only(drive.key('enter'), 'history'), 250, 449);
    expect(drive.tab().far).toBeDefined();
    drive.key('escape');
    expect(drive.tab().far).toBeUndefined();
    expect(drive.tab().scroll).toEqual(scroll);
    expect(shown(drive)).not.toEqual(before);
    drive.type('n');
    expect(drive.tab().draft.text).toBe('n');
  });

  test('Enter leads back to the list, and whoever writes has found it', () => {
    const drive = looking();
    drive.key('enter', 'enter');
    expect(isListed(drive)).toBe(true);
    drive.key('enter');
    drive.type('yes');
    expect(drive.tab().draft.text).toBe('yes');
    drive.type('n');
    expect(drive.tab().draft.text).toBe('yesn');
    expect(shown(drive).join('\n')).not.toContain('hit 1 of 3');
  });

  test('in another room is shown there; of a room that one has left, it is said', () => {
    const drive = online();
    found(drive, drive.enter('/search -a build'), [2, 1], undefined, '#dev');
    const asked = only(drive.key('enter'), 'history');
    expect(asked).toMatchObject({ room: '#dev', around: 2 });
    expect(drive.state.tabs[drive.state.active]).toMatchObject({ room: '#dev' });
    drive.key('escape');
    expect(drive.state.tabs[drive.state.active]).toMatchObject({ room: '#lobby' });
    found(drive, drive.enter('/search -a build'), [7], undefined, '#gone');
    drive.key('enter');
    expect(drive.state.hint?.text).toContain('/join #gone');
  });
});
