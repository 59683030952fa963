import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { need } from '../need.ts';
import { openStage } from './harness/open-stage.ts';
import type { Typist } from './harness/typist.ts';

const PROGRAM = fileURLToPath(new URL('./harness/showing.ts', import.meta.url));
const command = (...args: readonly string[]): [string, ...string[]] => [
  process.execPath,
  '--disable-warning=ExperimentalWarning',
  PROGRAM,
  ...args,
];

/** What reaches the terminal around. */
function told(typist: Typist): { readonly notices: string[]; readonly copies: string[] } {
  const heard = { notices: [] as string[], copies: [] as string[] };
  const { parser } = typist.emulator.terminal;
  parser.registerOscHandler(777, (data) => heard.notices.push(data) > 0);
  parser.registerOscHandler(52, (data) => heard.copies.push(data) > 0);
  return heard;
}

describe.each(['tmux', 'screen'] as const)('inside %s', (inside) => {
  test.runIf(need(inside)).each([[[]], [['bordered']]])(
    'what scrolls looks as it does without it: %j',
    async (args) => {
      const stage = openStage();
      const plain = stage.terminal(command(...args), { as: 'plain' });
      const within = stage.session(inside, command(...args), { as: 'within' }).client;
      const heard = told(within);
      for (const one of [plain, within]) await one.waitFor('shown');
      // Pictures that it doesn't join are simpler there.
      const rows = (one: Typist): string[] =>
        one.screen().map((row) => row.replaceAll(/[^\x00-\u05ff\u2500-\u257f]/gu, '').replaceAll(/ +/g, ' '));
      expect(rows(within)).toEqual(rows(plain));
      if (args.length > 0) {
        const borders = within.screen().map((_, y) => within.emulator.columnsOf('│', y));
        expect(new Set(borders.slice(1, -1).map((columns) => columns.join()))).toEqual(new Set(['70']));
      }
      // And what is meant for the terminal around gets there.
      await within.waitFor(() => heard.notices.length > 0 && heard.copies.length > 0);
      expect(heard.notices).toEqual(['notify;bob;lunch?']);
      expect(new Set(heard.copies)).toEqual(new Set([`c;${Buffer.from('some words').toString('base64')}`]));
    },
  );
});
