import { expect, test } from 'vitest';
import type { UserName } from '../../../../src/base/ids.ts';
import { Secret } from '../../../../src/base/secret.ts';
import { renamePrivate } from '../../../../src/client/shell/both/rename-private.ts';
import type { PrivateCommand, PrivateEvent } from '../../../../src/peer/private.ts';
import type { Renaming } from '../../../../src/protocol/rename.ts';
import { at, clientId, deviceId, groupId, user } from '../../core/drive.ts';

const lan: Renaming = { user: (name) => `${name}.lan` as UserName, room: (name) => name };

const BOB = user('bob');
const id = clientId('m1');
const chat = groupId('chat');
const of = { from: BOB, id };
const text = 'bob says: from bob, to bob';

/** One of each kind that names somebody; what they say is theirs. */
const COMMANDS: readonly PrivateCommand[] = [
  { do: 'ask', chat, to: BOB, plain: false },
  { do: 'say', chat, id, text, re: of },
  { do: 'change', chat, of, change: { kind: 'edit', text } },
  { do: 'mail', id, to: BOB, text, re: of },
  { do: 'changeMail', id, to: BOB, of, change: { kind: 'delete' } },
  { do: 'compared', user: BOB, device: deviceId('d'), equal: true },
  { do: 'export', user: BOB, path: 'bob.txt' },
];
const EVENTS: readonly PrivateEvent[] = [
  { type: 'changed', chat, of, by: BOB, change: { kind: 'react', emoji: '👍', on: true } },
  { type: 'mail', n: 1, id, from: BOB, to: BOB, text, time: at(1), re: of, reactions: [{ emoji: '👍', users: [BOB] }] },
  { type: 'mailChanged', n: 1, id, person: BOB, by: BOB, what: { of, change: { kind: 'delete' } } },
  { type: 'history', person: BOB, records: [{ at: 0, id, from: BOB, text, time: at(1), re: of }], more: false },
  { type: 'logged', people: [BOB] },
  { type: 'lostMail', n: 1, from: BOB, text },
];

test.each([...COMMANDS, ...EVENTS])('all names in %o are others afterwards, and no text is', (what) => {
  const renamed = renamePrivate(what, lan);
  const json = JSON.stringify(renamed);
  expect(json.replaceAll(text, '').replaceAll('bob.lan', '').replaceAll('bob.txt', '')).not.toContain('bob');
  expect(json.split('bob.lan').length).toBe(JSON.stringify(what).replaceAll(text, '').split('"bob"').length);
  if ('text' in what) expect(renamed).toMatchObject({ text });
});

test('a secret stays the one that it is', () => {
  const passphrase = new Secret('to whom');
  const command: PrivateCommand = { do: 'unlock', passphrase };
  expect(renamePrivate(command, lan)).toBe(command);
});
