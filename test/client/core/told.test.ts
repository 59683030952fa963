/** Where the answers stand. */
import { describe, expect, test } from 'vitest';
import { LETTERS_AFTER_MS } from '../../../src/client/core/chats.ts';
import { clientId, Drive, deviceId, info, user } from './drive.ts';

const online = (): Drive => {
  const drive = new Drive();
  drive.login([info('#lobby')]);
  return drive;
};

function compare(drive: Drive, person: string, letter: string): void {
  drive.tell({ type: 'safetyNumber', person: user(person), device: deviceId('phone'), digits: '1'.repeat(60), ...OF });
  drive.pass(LETTERS_AFTER_MS);
  drive.type(letter);
}

const OF = { more: 0 };

describe('the answer to /verify', () => {
  test('stands where it was typed, not in the tab of the person', () => {
    const drive = online();
    drive.talk('nobodyhere');
    drive.talk('erin');
    drive.enter('/verify nobodyhere');
    drive.tell({ type: 'told', person: user('nobodyhere'), text: 'there is no number', bad: true });
    expect(drive.notices('=erin').at(-1)).toBe('there is no number');
    expect(drive.notices('=nobodyhere')).not.toContain('there is no number');
  });

  test('stands there also after the numbers were compared, and what is said unasked later does not', () => {
    const drive = online();
    drive.enter('/msg bob');
    drive.key('alt-1');
    drive.enter('/verify bob');
    compare(drive, 'bob', 'v');
    drive.tell({ type: 'told', person: user('bob'), text: 'bob is verified', bad: false });
    drive.tell({ type: 'told', person: user('bob'), text: 'unasked', bad: false });
    expect(drive.notices()).toEqual(['bob is verified']);
    expect(drive.notices('bob')).toEqual(['unasked']);
  });

  test('that the numbers differ is not told as a key that has changed; a key that does so later is', () => {
    const drive = online();
    drive.enter('/msg bob');
    drive.enter('/verify');
    compare(drive, 'bob', 'n');
    drive.tell({ type: 'trust', person: user('bob'), trust: 'changed' });
    drive.tell({ type: 'told', person: user('bob'), text: 'the numbers differ', bad: true });
    expect(drive.person('bob').trust).toBe('changed');
    expect(drive.notices('bob')).toEqual(['the numbers differ']);
    for (const trust of ['first', 'changed'] as const) drive.tell({ type: 'trust', person: user('bob'), trust });
    expect(drive.notices('bob').at(-1)).toContain('KEY CHANGED');
  });
});

describe('what is about ourselves', () => {
  test('opens no tab: it stands in the one in front', () => {
    const drive = online();
    drive.enter('/msg bob');
    drive.sealed(1, 'alice');
    drive.tell({ type: 'lostMail', n: 1, from: user('alice'), text: 'a device that is not known' });
    drive.tell({ type: 'told', person: user('alice'), text: 'another device', bad: true });
    drive.mail(0, 'to myself', 'alice', { to: user('alice'), id: clientId('copy') });
    drive.asks('alice');
    expect(drive.tabs()).toEqual(['#lobby', 'bob']);
    expect(drive.notices('bob')).toEqual([
      "a message from another device of yours can't be shown: a device that is not known",
      'another device',
    ]);
    expect(drive.told('reject')).toHaveLength(1);
    drive.enter('/history alice');
    expect(drive.state.hint?.text).toContain('that is you');
    expect(drive.tabs()).toEqual(['#lobby', 'bob']);
  });

  test('and was asked for by name stands where it was asked', () => {
    const drive = online();
    drive.enter('/accept-key alice');
    drive.enter('/msg bob');
    drive.tell({ type: 'told', person: user('alice'), text: 'a new device counts as yours', bad: false });
    expect(drive.notices()).toEqual(['a new device counts as yours']);
    drive.enter('/dhkey alice');
    drive.key('alt-1');
    drive.tell({ type: 'told', text: 'this device: abc', bad: false });
    expect(drive.notices('bob')).toEqual(['this device: abc']);
  });
});

test('that a message waits is no longer said when it has gone, or may go', () => {
  for (const how of ['mailed', 'available'] as const) {
    const drive = online();
    drive.enter('/msg bob hello');
    const { id } = drive.told('mail')[0] ?? {};
    if (id === undefined) throw new Error('no mail');
    drive.tell({ type: 'notMailed', id, to: user('bob'), code: 'locked', text: 'the log is locked', wait: true });
    expect(drive.state.hint?.text).toContain('waits: the log is locked');
    if (how === 'mailed') drive.mailed(id);
    else drive.tell({ type: 'available', available: true, text: '' });
    expect(drive.state.hint).toBeUndefined();
  }
});

describe('/private with a text', () => {
  test('says that it has not been answered, where the request waits', () => {
    const drive = online();
    drive.enter('/private bob');
    drive.enter('/private bob hello');
    expect(drive.state.hint?.text).toContain("bob hasn't answered yet");
    expect(drive.input()).toBe('/private bob hello');
    drive.key('ctrl-u');
    drive.asks('carol');
    drive.enter('/private carol hello');
    expect(drive.state.hint?.text).toContain('carol asks for a private chat');
  });

  test('says that private chats are elsewhere, where they are', () => {
    const drive = online();
    drive.tell({ type: 'available', available: false, text: 'they are in your other uchat' });
    drive.enter('/private bob hello');
    expect(drive.state.hint?.text).toBe('they are in your other uchat');
  });
});
