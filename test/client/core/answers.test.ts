import { expect, test } from 'vitest';
import { Drive, info } from './drive.ts';

/** Somebody asks in the tab in front. */
function asked(columns: number, rows: number): Drive {
  const drive = new Drive({ columns, rows });
  drive.login([info('#lobby')]);
  drive.asks('carol');
  drive.key('alt-2');
  return drive;
}

test('a letter answers a request in a small window, too, where the keys are shown', () => {
  const drive = asked(30, 8);
  drive.type('a');
  expect(drive.told('accept')).toMatchObject([{ hideAddress: false }]);
});

test.each(['a', 'o', 'r'])('%s answers nothing where the screen is too small for the keys', (letter) => {
  const drive = asked(30, 4);
  drive.type(letter);
  expect([...drive.told('accept'), ...drive.told('reject')]).toEqual([]);
  expect(drive.input()).toBe(letter);
});
