/**
 * What an append and a draw cost in logs of different lengths, and in one to nine panes: `node test/bench/view.ts`. They
 * should cost the same.
 */
import { splitPane } from '../../src/client/core/panes/actions.ts';
import { evenOut } from '../../src/client/core/panes/tree.ts';
import { look } from '../../src/client/core/unread.ts';
import { view } from '../../src/client/view/view.ts';
import { Headless } from '../screen/headless.ts';
import { addTab, emptyState, lobby, NOW, person, say } from '../screen/scene.ts';
import { alone, type Benchmark, type How, quantile, timed } from './harness/benchmark.ts';
import type { Figure } from './harness/figure.ts';

const ROUNDS = 300;
const SIZES = [1_000, 100_000, 1_000_000];
const TEXT = 'the build is green again, and the log is here: https://box/log/4012, have a look when you can';

const spread = (name: string, times: readonly number[]): Figure[] => [
  { name, value: quantile(times, 0.5), unit: 'ms' },
  { name: `${name}: p95`, value: quantile(times, 0.95), unit: 'ms' },
];

async function* logOf(size: number, rounds: number): AsyncGenerator<Figure> {
  const state = emptyState(160, 48);
  const tab = lobby(state);
  for (let i = 0; i < 50; i += 1) person(state, `user${i}`, i % 3 === 0 ? 'away' : 'online');
  for (let i = 0; i < size; i += 1) say(tab, `user${i % 7}`, TEXT, NOW);
  const screen = new Headless({ columns: 160, rows: 48 });
  const append: number[] = [];
  const frame: number[] = [];
  const draw: number[] = [];
  for (let i = 0; i < rounds; i += 1) {
    append.push(timed(() => say(tab, `user${i % 7}`, `${i} ${TEXT}`, NOW)));
    let made = view(state, { now: NOW, mono: 0 });
    frame.push(
      timed(() => {
        made = view(state, { now: NOW, mono: 0 });
      }),
    );
    // A frame that is never delayed: redrawn whole, cells compared and written.
    draw.push(
      timed(() => {
        screen.terminal.draw(made);
        screen.terminal.redraw();
      }),
    );
    await screen.settle();
  }
  screen.close();
  yield* spread(`${size} entries: append`, append);
  yield* spread(`${size} entries: frame`, frame);
  yield* spread(`${size} entries: draw whole`, draw);
}

function* inPanes(panes: number, rounds: number): Generator<Figure> {
  const state = emptyState(160, 48);
  const tabs = [lobby(state), ...Array.from({ length: panes - 1 }, (_, i) => addTab(state, `#room${i}`))];
  for (let i = 0; i < 50; i += 1) person(state, `user${i}`, i % 3 === 0 ? 'away' : 'online');
  for (const tab of tabs) for (let i = 0; i < 1000; i += 1) say(tab, `user${i % 7}`, TEXT, NOW);
  for (let i = 1; i < panes; i += 1) {
    splitPane(state, i % 2 === 0 ? 'right' : 'below');
    state.panes.tree = evenOut(state.panes.tree);
  }
  const frame: number[] = [];
  const looked: number[] = [];
  for (let i = 0; i < rounds; i += 1) {
    const tab = tabs[i % tabs.length] ?? lobby(state);
    say(tab, `user${i % 7}`, `${i} ${TEXT}`, NOW);
    looked.push(timed(() => look(state)));
    frame.push(timed(() => void view(state, { now: NOW, mono: 0 })));
  }
  yield* spread(`${panes} panes: frame`, frame);
  yield* spread(`${panes} panes: what is seen after an event`, looked);
}

async function* run(how: How): AsyncGenerator<Figure> {
  const rounds = how.size(ROUNDS, 10);
  for (const size of how.quick ? SIZES.slice(0, 1) : SIZES) yield* logOf(size, rounds);
  for (const panes of [1, 2, 4, 9]) yield* inPanes(panes, rounds);
}

export const benchmark: Benchmark = {
  name: 'view',
  measures: 'appending and drawing, in logs of different lengths and in one to nine panes',
  run,
};

if (import.meta.main) await alone(benchmark);
