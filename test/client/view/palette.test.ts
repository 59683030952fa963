import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RoomName } from '../../../src/base/ids.ts';
import { textWidth } from '../../../src/base/text/width.ts';
import { opened, withInput } from '../../../src/client/core/palette-hits.ts';
import type { Palette } from '../../../src/client/core/palette-state.ts';
import type { State } from '../../../src/client/core/state.ts';
import { keymapOf } from '../../../src/client/keys/bound.ts';
import { hitAt, paletteRows } from '../../../src/client/view/palette.ts';
import { ASCII_SIGNS, UNICODE_SIGNS } from '../../../src/client/view/signs.ts';
import { view } from '../../../src/client/view/view.ts';
import { renderFrame } from '../../screen/frame.ts';
import { addChat, addPerson, asked, at, emptyState, morning, NOW, person } from '../../screen/scene.ts';

function open(state: State, text = '', more: Partial<Palette> = {}): State {
  const palette = { ...opened(state, more.find ?? 'all', { text: '', cursor: 0 }), ...more };
  state.overlay = { ...withInput(state, palette, { text, cursor: text.length }), ...more };
  return state;
}

function told(state: State): State {
  state.inner.directory.rooms = [
    { name: '#golang' as RoomName, topic: 'gophers', members: 13, joined: false },
    { name: '#books' as RoomName, topic: '', members: 1, joined: false },
  ];
  return state;
}

const frame = (state: State, ascii = false) => view(state, { now: NOW, mono: 0, ascii });
const lines = (state: State): string[] => renderFrame(frame(state)).split('\n');

describe('the palette', () => {
  test('at 80x24, with tabs and their marks, rooms, and who is here', () => {
    const state = told(morning());
    addPerson(state, 'erin');
    expect(lines(open(state)).slice(0, 13)).toEqual([
      ' 1:#lobby  2:#dev+3  3:#ops+1*  4:erin                           alice@box:2428',
      ' Go to:                                                                    1/11',
      '▸ 3 #ops     1 unread, speaks to you',
      '  2 #dev     3 unread',
      '  4 erin     gone 2m',
      '  1 #lobby   you are here, Welcome to the box. Be kind.',
      '    #golang  13 in it  gophers',
      '    #books   1 in it',
      '  ● bob      here',
      '  ● frank    here',
      '  ● ~mira    here',
      '  ◐ carol    away 3m',
      '  ◐ dave     away 12m',
    ]);
    expect(lines(state).at(-1)).toBe(' online 2 ms   #lobby 6     Enter go  Esc close  Down on  Alt-p private   09:16');
  });

  test('the cursor is in its line, and what is written in the chat stays below', () => {
    const state = open(morning(), 'de');
    expect(frame(state).cursor).toEqual({ x: ' Go to: de'.length, y: 1 });
    expect(lines(state).at(-2)).toBe('> the disk is full of co');
  });

  test('the letters that were found stand out by more than a colour', () => {
    const state = open(morning(), 'dv');
    const marked = frame(state).rows.flatMap((row) =>
      row.filter((run) => run.underline === true).map(({ text }) => text),
    );
    expect(marked.slice(0, 2)).toEqual(['d', 'v']);
  });

  test('what is chosen has a sign, and is in sight however far down it is', () => {
    const state = emptyState(80, 12);
    for (let i = 10; i < 60; i++) person(state, `user${i}`);
    open(state, '', { index: 40 });
    const shown = lines(state).slice(1, -3);
    expect(shown.filter((line) => line.startsWith('▸'))).toHaveLength(1);
    expect(shown[0]).toContain('41/51');
  });

  test('at 20x5 there is the line and what is chosen', () => {
    expect(lines(open(morning(20, 5), 'op'))).toEqual([
      expect.stringContaining('#lobby'),
      '> op',
      '▸ 3 #ops  1 unread,…',
      '> f co',
      expect.stringContaining('online'),
    ]);
  });

  test('commands say what they do, and what a command takes is listed behind it', () => {
    const state = open(morning(), '/kick', { find: 'commands' });
    expect(lines(state)[2]).not.toContain('/kick');
    state.operator = true;
    open(state, '/kick', { find: 'commands' });
    expect(lines(state).slice(1, 3)).toEqual([
      expect.stringMatching(/^ Command: \/kick +1\/\d/),
      expect.stringMatching(/^▸ {3}\/kick +name/),
    ]);
    open(state, '/msg c', { find: 'commands' });
    expect(lines(state)[2]).toMatch(/^ +carol/);
  });

  test('nothing fits, somebody new, a new room', () => {
    expect(lines(open(morning(), 'qqq!'))[2]).toBe('    nothing fits');
    expect(lines(open(morning(), 'zed', { find: 'new' })).slice(1, 4)).toEqual([
      expect.stringContaining(' New chat: zed'),
      '▸   #zed  make this room',
      '    zed   not seen here',
    ]);
  });

  test('a private chat says that it is one, and who asks', () => {
    const state = morning();
    addChat(state, 'carol', { status: asked(false) });
    state.active = 0;
    expect(lines(open(state, 'carol')).slice(2, 4)).toEqual([
      '▸ 4 =carol  asks you, private chat, away 3m',
      '  ◐ carol   away 3m',
    ]);
  });

  test('its hints are the keys as they are bound', () => {
    const state = open(morning(120, 24));
    const keymap = keymapOf('ctrl-b', [{ key: 'escape', after: false, bound: undefined }]);
    Object.assign(state, { keymap });
    expect(lines(state).at(-1)).toContain('Enter go  Ctrl-G close');
  });

  test('on ASCII terminals its signs are ASCII', () => {
    const state = told(open(morning()));
    const shown = renderFrame(frame(state, true));
    expect(shown).toMatch(/^[\x20-\x7e\n]*$/);
    expect(shown).toContain('\n> 3 #ops');
  });
});

test('hostile names and topics are shown harmless', () => {
  const state = emptyState();
  const bad = '\x1b[31mred\x07\u202eevil';
  state.inner.directory.rooms = [{ name: `#${bad}` as RoomName, topic: bad, members: 1, joined: false }];
  person(state, `a${bad}`, 'away', at(9, 1));
  const shown = renderFrame(frame(open(state, 'red')));
  expect(shown).not.toMatch(/[\x00-\x09\x0b-\x1f\u202e]/);
  expect(shown).toContain('red');
});

test('a click finds the hit that is drawn there', () => {
  const state = open(morning(80, 12), '', { index: 5 });
  const { overlay } = state;
  if (overlay?.kind !== 'palette') throw new Error('no palette');
  const shown = lines(state);
  const found = shown.map((_, y) => hitAt(state, y));
  expect(found).toEqual([undefined, undefined, 2, 3, 4, 5, 6, 7, 8, undefined, undefined, undefined]);
  for (const [y, index] of found.entries()) {
    if (index !== undefined) expect(shown[y]).toContain(overlay.hits[index]?.item.name);
  }
});

test('whatever is written, at whatever size: exactly as large as its room, widths true, the cursor inside', () => {
  const written = fc.oneof(
    fc.string({ unit: fc.constantFrom(...Array.from('obl/# de')) }),
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: 'binary' }),
  );
  const size = fc.record({ width: fc.integer({ min: 1, max: 160 }), height: fc.integer({ min: 0, max: 50 }) });
  const find = fc.constantFrom('all', 'new', 'commands');
  fc.assert(
    fc.property(written, size, find, fc.nat(12), fc.boolean(), (text, { width, height }, what, index, ascii) => {
      const state = told(morning(width, height + 4));
      open(state, text, { find: what });
      const { overlay } = state;
      if (overlay?.kind !== 'palette') throw new Error('no palette');
      const palette = { ...overlay, index: Math.min(index, Math.max(0, overlay.hits.length - 1)) };
      const signs = ascii ? ASCII_SIGNS : UNICODE_SIGNS;
      const { rows, cursor } = paletteRows(state, palette, width, height, { now: NOW, signs });
      expect(rows).toHaveLength(height);
      for (const row of rows) {
        expect(row.reduce((sum, run) => sum + run.width, 0)).toBe(width);
        for (const run of row) {
          expect(textWidth(run.text)).toBe(run.width);
          expect(run.text).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
        }
      }
      if (height > 0) expect(cursor?.x).toBeLessThan(width);
    }),
    { numRuns: 50 },
  );
});
