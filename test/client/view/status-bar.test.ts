import { describe, expect, test } from 'vitest';
import type { State } from '../../../src/client/core/state.ts';
import { keymapOf } from '../../../src/client/keys/bound.ts';
import { KEYMAP } from '../../../src/client/keys/keymap.ts';
import { view } from '../../../src/client/view/view.ts';
import { inRole, renderFrame } from '../../screen/frame.ts';
import { addChat, asked, emptyState, morning, NOW, person } from '../../screen/scene.ts';

const frame = (state: State) => view(state, { now: NOW, mono: 0 });
const status = (state: State): string => renderFrame(frame(state)).split('\n').at(-1) ?? '';
const waiting = { kind: 'waiting', since: 0, listed: false } as const;

function bound(state: State, prefix: string | undefined, ...choices: [key: string, name: string | undefined][]): State {
  const keymap = keymapOf(
    prefix,
    choices.map(([key, name]) => {
      const binding = KEYMAP.find((one) => one.name === name);
      return { key, after: false, bound: binding && { name: binding.name, action: binding.action, repeats: false } };
    }),
  );
  return Object.assign(state, { keymap });
}

describe('the hints of the status bar', () => {
  test('are as many as there is room for', () => {
    expect(status(morning(40, 24))).toContain('#lobby 6 F1 keys   09:16');
    expect(status(morning(160, 24))).toContain(
      'F1 keys  Ctrl-K go to  Alt-p private  Ctrl-] prefix  Ctrl-C quit  PgUp older   09:16',
    );
  });

  test('are the keys as they are bound; what has no key is left out', () => {
    const state = bound(morning(160, 24), 'ctrl-b', ['f2', 'keys'], ['ctrl-k', undefined], ['alt-p', undefined]);
    expect(status(state)).toContain('F2 keys  Ctrl-B w go to  Ctrl-B prefix  Ctrl-C quit');
    expect(status(state)).not.toContain('private');
    expect(status(bound(state, undefined))).not.toContain('prefix');
  });

  test('name the key that leads to whoever asks', () => {
    const state = morning(120, 24);
    addChat(state, 'carol', { status: asked(false) });
    state.active = 0;
    expect(status(bound(state, 'ctrl-b', ['f4', 'tab-4']))).toContain('carol asks for a private chat: F4');
    expect(status(bound(state, undefined, ['alt-4', undefined]))).toContain('carol asks for a private chat: tab 4');
  });
});

describe('while something lies over the room', () => {
  test('the keys are those that it takes', () => {
    const state = morning(120, 24);
    state.overlay = { kind: 'keys' };
    expect(status(state)).toContain('Esc close  PgDn on  PgUp back');
    expect(status(state)).not.toContain('F1 keys');
    state.size = { columns: 160, rows: 60 };
    expect(status(state)).toContain('Esc close');
    expect(status(state)).not.toContain('PgDn');
  });
});

test('the tab of a person says in words whether they are here', () => {
  const state = morning(120, 24);
  addChat(state, '~bob');
  state.active = state.tabs.length - 1;
  person(state, '~bob', 'online');
  expect(status(state)).toContain('=~bob: here');
  person(state, '~bob', 'offline');
  expect(status(state)).toContain('=~bob: gone');
});

describe('after the prefix', () => {
  test('it says that the next key counts, in a colour and in words', () => {
    const state = morning();
    state.prefix = waiting;
    expect(status(state)).toContain('Ctrl-] and then? Esc leaves it');
    expect(inRole(frame(state), 'tabActivity')).toContain('Ctrl-] and then? Esc leaves it');
    expect(status(bound(state, 'ctrl-b', ['escape', undefined]))).toContain('Ctrl-B and then? Ctrl-G leaves it');
  });

  test('in few words where there is little room, and however the connection is', () => {
    const state = morning(20, 10);
    state.prefix = waiting;
    expect(status(state)).toContain('Ctrl-] ?');
    const offline = morning(80, 24);
    offline.prefix = waiting;
    offline.connection = { kind: 'waiting', attempt: 1, reason: 'no answer', since: 0, retryAt: 5000 };
    expect(status(offline)).toContain('Ctrl-] and then?');
  });

  test('keys that repeat say nothing', () => {
    const state = morning();
    state.prefix = { kind: 'repeating', until: 500 };
    expect(status(state)).not.toContain('and then');
  });
});

test('what is said at the first start names the keys as they are', () => {
  const state = bound(emptyState(), 'ctrl-b', ['f2', 'keys'], ['f1', undefined], ['alt-1', undefined], ['f3', 'tab-1']);
  state.welcoming = true;
  const shown = renderFrame(frame(state));
  expect(shown).toMatch(/F2 +all keys/);
  expect(shown).toMatch(/F3 +the first tab, Alt-2 the second/);
});
