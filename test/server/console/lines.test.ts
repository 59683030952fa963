import { expect, test } from 'vitest';
import { unixMs } from '../../../src/base/ids.ts';
import { openLines } from '../../../src/server/console/lines.ts';
import type { ConsoleEvent } from '../../../src/server/core/notice.ts';

function shown(event: object): string {
  let text = '';
  openLines((more) => {
    text += more;
  }).show(event as ConsoleEvent, unixMs(Date.UTC(2026, 10, 20, 9, 14, 2)));
  return text;
}

test.each([
  [{ kind: 'online', user: 'dave', from: 'uid 1004', by: 'host' }, '09:14:02 + dave  uid 1004, host log-in\n'],
  [{ kind: 'online', user: '~bob', from: '10.0.0.7', by: 'guest' }, '09:14:02 + ~bob  10.0.0.7, guest\n'],
  [{ kind: 'offline', user: 'dave' }, '09:14:02 - dave  left\n'],
  [
    { kind: 'offline', user: 'dave', reason: 'logged off after 15 min away' },
    '09:14:02 - dave  logged off after 15 min away\n',
  ],
  [
    { kind: 'message', room: '#lobby', seq: 1, from: 'carol', text: '@alice can you?' },
    '09:14:02 #lobby carol: @alice can you?\n',
  ],
  [
    { kind: 'edited', room: '#lobby', seq: 7, by: 'carol', text: 'hello' },
    '09:14:02 #lobby carol edits message 7: hello\n',
  ],
  [
    { kind: 'deleted', room: '#lobby', seq: 7, by: 'carol', author: 'carol' },
    '09:14:02 #lobby carol deletes message 7\n',
  ],
  [
    { kind: 'deleted', room: '#lobby', seq: 7, by: 'root', author: 'carol' },
    '09:14:02 #lobby root deletes message 7 of carol\n',
  ],
  [
    { kind: 'refused', who: '10.0.0.7', code: 'server_full', text: 'full' },
    '09:14:02 ! 10.0.0.7: full (server_full)\n',
  ],
  [
    { kind: 'store-failed', what: 'append a message', code: 'disk_full', text: 'the disk is full' },
    '09:14:02 ! the store could not append a message: the disk is full (disk_full)\n',
  ],
  [
    { kind: 'audit', by: 'root', action: 'ban', target: 'uid 1009', detail: 'for 1 h: spam' },
    '09:14:02 * root: ban uid 1009 for 1 h: spam\n',
  ],
])('%j is one line', (event, line) => {
  expect(shown(event)).toBe(line);
});

test('a message can’t speak to the operator’s terminal, nor forge a line', () => {
  const text = shown({
    kind: 'message',
    room: '#lobby',
    seq: 1,
    from: 'eve',
    text: '\u001b]0;owned\u0007\u001b[2J\r\n09:14:03 + root  uid 0\u202e',
  });
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  expect(text.indexOf('\n')).toBe(text.length - 1);
});
