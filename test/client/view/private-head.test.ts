import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ChatTab, State } from '../../../src/client/core/state.ts';
import { view } from '../../../src/client/view/view.ts';
import type { Path, Trust } from '../../../src/peer/private.ts';
import { inRole, renderFrame } from '../../screen/frame.ts';
import { addChat, addPerson, asked, emptyState, ignore, NOW, OPEN } from '../../screen/scene.ts';

type Chat = Partial<Pick<ChatTab, 'plain' | 'status' | 'trust'>>;

const draw = (state: State, ascii = false) => view(state, { now: NOW, mono: 0, ascii });
/** The row below the tab bar. */
const head = (state: State, ascii = false): string => renderFrame(draw(state, ascii)).split('\n')[1] ?? '';

function chat(more: Chat = {}, columns = 80, name = 'bob'): State {
  const state = emptyState(columns, 24);
  addChat(state, name, more);
  return state;
}

function mail(trust: Trust, columns = 80, name = 'bob'): State {
  const state = emptyState(columns, 24);
  addPerson(state, name).trust = trust;
  state.active = 1;
  return state;
}

const RELAYED = { ...OPEN, path: 'relayed' } as const;
/** It never was open, so there is room to say what it was, and nothing to say. */
const UNANSWERED = { kind: 'ended', text: 'no answer' } as const;
const ENDED = { kind: 'ended', text: 'bob has ended it' } as const;

describe('the head of a private chat', () => {
  test.each<[string, Chat]>([
    [' =bob  end-to-end encrypted · direct · verified                   /end to leave', { trust: 'verified' }],
    [' =bob  end-to-end encrypted · relayed · not verified: /verify bob          /end', { status: RELAYED }],
    [' =bob  KEY CHANGED: nothing is sent until you /accept-key bob · direct     /end', { trust: 'changed' }],
    [
      ' =bob  NOT ENCRYPTED: anyone between you can read this · relayed  /end to leave',
      { plain: true, status: RELAYED },
    ],
    [
      ' =bob  end-to-end encrypted · unreachable, kept until it is back · verified',
      { status: { ...OPEN, path: 'none' }, trust: 'verified' },
    ],
    [' =bob  waiting for an answer · will be end-to-end encrypted · not verified', { status: asked(true) }],
    [' =bob  asks for a private chat · will be end-to-end encrypted · not verified', { status: asked(false) }],
    [
      ' =bob  NOT ENCRYPTED: anyone between you can read this · asks for a private chat',
      { status: asked(false), plain: true },
    ],
    [
      ' =bob  KEY CHANGED: nothing is sent until you /accept-key bob · asks',
      { status: asked(false), trust: 'changed' },
    ],
    [
      ' =bob  opening · will be end-to-end encrypted · not verified: /verify bob  /end',
      { status: { kind: 'opening' } },
    ],
    [' =bob  ended: bob has ended it                          /private bob asks again', { status: ENDED }],
    [' =bob  ended: no answer                                 /private bob asks again', { status: UNANSWERED }],
    [
      ' =bob  NOT ENCRYPTED: anyone between you can read this · ended: bob has ended it',
      { status: ENDED, plain: true },
    ],
    [' =bob  KEY CHANGED: nothing is sent until you /accept-key bob · ended', { status: ENDED, trust: 'changed' }],
    [
      ' =bob  NOT ENCRYPTED: anyone between you can read this · KEY CHANGED · direct',
      { plain: true, trust: 'changed' },
    ],
  ])('%s', (expected, more) => {
    expect(head(chat(more))).toBe(expected);
  });

  test.each<[number, Chat, string]>([
    [60, { status: RELAYED }, ' =bob  end-to-end encrypted · relayed · not verified'],
    [60, { trust: 'changed' }, ' =bob  KEY CHANGED: /accept-key bob · direct'],
    [60, { plain: true }, ' =bob  NOT ENCRYPTED · direct'],
    [40, { trust: 'verified' }, ' =bob  encrypted · direct · verified'],
    [40, { status: RELAYED }, ' =bob  encrypted · relayed · unverified'],
    [40, { trust: 'changed' }, ' =bob  KEY CHANGED · direct'],
    [40, { plain: true, status: ENDED }, ' =bob  NOT ENCRYPTED · ended'],
    [20, { trust: 'verified' }, ' =bob  e2e verified'],
    [20, { plain: true }, ' =bob  NOT ENCRYPTED'],
    [20, { trust: 'changed' }, ' =bob  KEY CHANGED'],
  ])('in %i columns, %j', (columns, more, expected) => {
    expect(head(chat(more, columns))).toBe(expected);
  });

  test('says who keeps a log, and that one’s address isn’t told', () => {
    const status = { ...OPEN, log: true, theirLog: true, hidden: true };
    expect(head(chat({ status }, 160))).toContain('bob keeps a log · you keep a log · your address is hidden');
    expect(head(chat({ status: { ...RELAYED, hidden: true } }))).toBe(
      ' =bob  end-to-end encrypted · relayed · not verified · your address is hidden',
    );
    expect(head(chat({ status: { ...OPEN, theirLog: true }, trust: 'verified' }))).toBe(
      ' =bob  end-to-end encrypted · direct · verified · bob keeps a log          /end',
    );
  });

  test('says whom one doesn’t hear', () => {
    const state = chat();
    ignore(state, 'bob');
    expect(head(state)).toContain('you block bob');
  });

  test('has its colours by what is true, over all of the row where nothing is encrypted', () => {
    expect(inRole(draw(chat({ trust: 'verified' })), 'secure')).toEqual(['end-to-end encrypted', 'direct', 'verified']);
    expect(inRole(draw(chat({ trust: 'changed' })), 'alarm')).toEqual([
      'KEY CHANGED: nothing is sent until you /accept-key bob',
    ]);
    for (const status of [OPEN, ENDED, asked(true), asked(false), { kind: 'opening' } as const]) {
      const row = draw(chat({ plain: true, status })).rows[1] ?? [];
      expect(row.every(({ role, text }) => role === 'alarm' || text === ' ' || text === '  ')).toBe(true);
      expect(inRole(draw(chat({ plain: true, status })), 'secure')).toEqual([]);
    }
  });

  test('has only signs of ASCII where there are no others', () => {
    expect(head(chat({ trust: 'verified' }), true)).toContain('end-to-end encrypted - direct - verified');
  });

  test('takes no control of the terminal with a text of others', () => {
    const state = chat({ status: { kind: 'ended', text: '\u001b[2Jbob\u202e has\nended' } });
    expect(renderFrame(draw(state))).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  });
});

describe('the head of a person’s tab', () => {
  test.each<[Trust, string]>([
    ['unknown', ' bob  end-to-end encrypted · the server keeps it until it is read · not verified'],
    ['first', ' bob  end-to-end encrypted · kept until read · not verified: /verify bob'],
    ['verified', ' bob  end-to-end encrypted · the server keeps it until it is read · verified'],
    ['changed', ' bob  KEY CHANGED: nothing is sent until you /accept-key bob'],
  ])('%s', (trust, expected) => {
    expect(head(mail(trust))).toBe(expected);
  });

  test('a guest’s mail isn’t kept, and the head doesn’t say that it is', () => {
    expect(head(mail('first', 80, '~mira'))).toBe(
      ' ~mira  end-to-end encrypted · only while here · not verified: /verify ~mira',
    );
  });

  test('says why nothing can be written here', () => {
    const state = mail('first');
    state.privates = { kind: 'unavailable', text: 'private chats are in your other uchat' };
    expect(head(state)).toBe(' bob  not available here: private chats are in your other uchat');
    state.privates = { kind: 'unavailable', text: '\u001b[2J'.repeat(100) };
    expect(head(state)).toBe(' bob  not available here');
  });
});

describe('at any width', () => {
  const widths = fc.integer({ min: 20, max: 160 });
  const names = fc.stringMatching(/^[~]?[A-Za-z0-9_][A-Za-z0-9_.-]{0,31}$/);
  const trusts = fc.constantFrom<Trust>('unknown', 'first', 'verified', 'changed');
  const paths = fc.constantFrom<Path>('direct', 'relayed', 'none');
  const statuses = fc.oneof(
    fc.record({
      kind: fc.constant('open' as const),
      path: paths,
      log: fc.boolean(),
      theirLog: fc.boolean(),
      hidden: fc.boolean(),
    }),
    fc.boolean().map((ours) => asked(ours, '10.0.0.7')),
    fc.constant({ kind: 'opening' as const }),
    fc.string({ maxLength: 200 }).map((text) => ({ kind: 'ended' as const, text })),
  );

  test('NOT ENCRYPTED and KEY CHANGED are never cut, nor whether it is verified', () => {
    fc.assert(
      fc.property(widths, names, trusts, statuses, fc.boolean(), (width, name, trust, status, plain) => {
        const state = chat({ trust, status, plain }, width, name);
        const row = head(state);
        if (plain) expect(row).toContain('NOT ENCRYPTED');
        else if (trust === 'changed') expect(row).toContain('KEY CHANGED');
        else if (status.kind !== 'ended') {
          expect(row).toMatch(/ (e2e|(will be )?(end-to-end )?encrypted) /);
          expect(row).toMatch(trust === 'verified' ? / verified( |$)/ : / (unverified|not verified)/);
        }
        expect(row.includes('NOT ENCRYPTED')).toBe(plain);
        const cells = draw(state).rows[1]?.reduce((sum, each) => sum + each.width, 0);
        expect(cells).toBe(width);
      }),
      { numRuns: 500 },
    );
  });

  test('from 40 columns on it says which way an open chat goes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 40, max: 160 }), trusts, paths, fc.boolean(), (width, trust, path, plain) => {
        const row = head(chat({ trust, status: { ...OPEN, path }, plain }, width));
        // Beside both alarms at once there is no room.
        if (plain && trust === 'changed' && width < 60) return;
        expect(row).toContain(path === 'none' ? 'unreachable' : path);
      }),
    );
  });

  test('a changed key is told in a person’s tab, too', () => {
    fc.assert(
      fc.property(widths, names, (width, name) => {
        expect(head(mail('changed', width, name))).toContain('KEY CHANGED');
      }),
    );
  });

  test('the head is there as soon as there is a line to read', () => {
    for (let rows = 3; rows <= 24; rows += 1) {
      const state = chat({ plain: true });
      state.size = { columns: 80, rows };
      expect(renderFrame(draw(state))).toContain('NOT ENCRYPTED');
    }
  });
});
