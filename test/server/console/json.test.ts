import { expect, test } from 'vitest';
import { unixMs } from '../../../src/base/ids.ts';
import { openJson } from '../../../src/server/console/json.ts';
import type { ConsoleEvent } from '../../../src/server/core/notice.ts';

function logged(event: object): Record<string, unknown> {
  let text = '';
  const output = {
    write(more: string) {
      text += more;
    },
    close: () => undefined,
  };
  openJson(output).show(event as ConsoleEvent, unixMs(0));
  expect(text.indexOf('\n')).toBe(text.length - 1);
  return JSON.parse(text) as Record<string, unknown>;
}

test('an event is a line with a time, a level and its fields', () => {
  const line = logged({ kind: 'online', user: 'dave', from: 'uid 1004', by: 'host' });
  expect(line).toMatchObject({ level: 'info', event: 'online', user: 'dave', from: 'uid 1004', by: 'host' });
  expect(line['time']).toMatch(/^\d{4}-\d\d-\d\dT/);
});

test.each([
  ['refused', 'warn'],
  ['warning', 'warn'],
  ['store-failed', 'error'],
  ['fault', 'error'],
])('%s has the level %s', (kind, level) => {
  expect(logged({ kind })['level']).toBe(level);
});

test('what operators do is in the log', () => {
  const line = logged({ kind: 'audit', by: 'root', action: 'ban', target: 'uid 1009', detail: 'for 1 h: spam' });
  expect(line).toMatchObject({ level: 'info', event: 'audit', by: 'root', action: 'ban', target: 'uid 1009' });
});

test('what people write is not in the log', () => {
  const message = logged({ kind: 'message', room: '#lobby', seq: 7, from: 'carol', text: 'a secret' });
  expect(message).toMatchObject({ event: 'message', room: '#lobby', seq: 7, from: 'carol' });
  const topic = logged({ kind: 'topic', room: '#lobby', by: 'carol', text: 'a secret' });
  const edited = logged({ kind: 'edited', room: '#lobby', seq: 7, by: 'carol', text: 'a secret' });
  expect(edited).toMatchObject({ event: 'edited', room: '#lobby', seq: 7, by: 'carol' });
  expect(JSON.stringify([message, topic, edited])).not.toContain('secret');
});
