import { describe, expect, test } from 'vitest';
import type { Frame } from '../../../src/client/view/cells.ts';
import { run } from '../../../src/client/view/runs.ts';
import { Headless } from '../../screen/headless.ts';

const COLUMNS = 20;

const frame = (texts: readonly string[], joined: readonly number[] = []): Frame => ({
  columns: COLUMNS,
  rows: texts.map((text) => [run(text, 'text')]),
  joined: new Set(joined),
  cursor: undefined,
  title: '',
});

/** The lines as the terminal would copy them. */
async function copied(screen: Headless): Promise<string[]> {
  await screen.settle();
  const { active } = screen.xterm.buffer;
  const lines: string[] = [];
  for (let y = 0; y < screen.xterm.rows; y += 1) {
    const line = active.getLine(y);
    if (line?.isWrapped === true) lines.push(`${lines.pop() ?? ''}${line.translateToString(true)}`);
    else lines.push(line?.translateToString(true) ?? '');
  }
  return lines;
}

async function drawn(screen: Headless, made: Frame): Promise<string[]> {
  screen.terminal.draw(made);
  screen.terminal.redraw();
  return copied(screen);
}

const LINK = 'https://example.org/a/long/address/of/43/cells';
const ROWS = [LINK.slice(0, 20), LINK.slice(20, 40), LINK.slice(40)];

describe('rows of one line', () => {
  test('are copied as one, however many they are, and the rows around them are not', async () => {
    const screen = new Headless({ columns: COLUMNS, rows: 6 });
    expect(await drawn(screen, frame(['before', ...ROWS, 'behind', ''], [1, 2]))).toEqual([
      'before',
      LINK,
      'behind',
      '',
    ]);
    screen.close();
  });

  test('stay so when nothing of them has changed', async () => {
    const screen = new Headless({ columns: COLUMNS, rows: 6 });
    await drawn(screen, frame(['before', ...ROWS, 'behind', ''], [1, 2]));
    screen.terminal.draw(frame(['another', ...ROWS, 'behind', 'new'], [1, 2]));
    await expect.poll(() => copied(screen)).toEqual(['another', LINK, 'behind', 'new']);
    screen.close();
  });

  test('of East Asian text, too', async () => {
    const screen = new Headless({ columns: COLUMNS, rows: 3 });
    expect(await drawn(screen, frame(['中'.repeat(10), '文字', ''], [0]))).toEqual([`${'中'.repeat(10)}文字`, '']);
    screen.close();
  });

  test('are lines of their own when they are no longer one, and moved when they moved', async () => {
    const screen = new Headless({ columns: COLUMNS, rows: 6 });
    await drawn(screen, frame(['before', ...ROWS, 'behind', ''], [1, 2]));
    screen.terminal.draw(frame([...ROWS, 'x', 'behind', ''], [0, 1]));
    await expect.poll(() => copied(screen)).toEqual([LINK, 'x', 'behind', '']);
    // The same cells, but each row a line.
    screen.terminal.draw(frame([...ROWS, 'y', 'behind', '']));
    await expect.poll(() => copied(screen)).toEqual([...ROWS, 'y', 'behind', '']);
    screen.close();
  });
});
