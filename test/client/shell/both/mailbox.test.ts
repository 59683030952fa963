import { expect, test } from 'vitest';
import { Mailbox } from '../../../../src/client/shell/both/mailbox.ts';
import { seq, user } from '../../core/drive.ts';

const BOB = user('bob.lan');
const CAROL = user('carol.lan');

function box(...places: readonly number[]): Mailbox {
  const mailbox = new Mailbox();
  for (const n of places) mailbox.came(seq(n));
  return mailbox;
}

test('what isn’t opened yet, or nobody has looked at, is kept there, and all behind it', () => {
  const mailbox = box(1, 2, 3);
  mailbox.opened(seq(2), BOB);
  expect(mailbox.seen(() => false)).toBeUndefined();
  mailbox.opened(seq(1), CAROL);
  expect(mailbox.seen((from) => from === BOB)).toBe(1);
  expect(mailbox.seen((from) => from === BOB)).toBeUndefined();
  expect(mailbox.seen(() => false)).toBe(2);
  mailbox.opened(seq(3), undefined);
  expect(mailbox.seen(() => true)).toBe(3);
  expect(mailbox.isEmpty).toBe(true);
});

test('what has no place there needs no word', () => {
  const mailbox = box(0);
  mailbox.opened(seq(0), BOB);
  expect(mailbox.isEmpty).toBe(true);
});
