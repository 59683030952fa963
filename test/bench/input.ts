/**
 * What a key in the input line costs, until there is a new frame, in a draft of 100 characters and in one of 64 KiB:
 * `node test/bench/input.ts`. They should cost much the same, wherever the cursor stands and whatever is written.
 */
import { MAX_INPUT } from '../../src/client/core/input-line.ts';
import { boundaryBefore } from '../../src/client/core/input-words.ts';
import { view } from '../../src/client/view/view.ts';
import { Drive } from '../client/core/drive.ts';
import { alone, type Benchmark, type How, median, quantile, timed } from './harness/benchmark.ts';
import type { Figure } from './harness/figure.ts';

const ROUNDS = 300;
const SIZES = [100, MAX_INPUT - 1000];
const TEXTS = {
  'one line of words': 'the build is green again, have a look ',
  'short lines': 'the build is green again\n',
  Chinese: '今天天气很好我们去公园散步吧',
  'emoji and marks': '👨‍👩‍👧‍👦 👍🏽 e\u0301 🇨🇭 ',
  Hebrew: 'שלום עולם ',
};
/** Where the cursor stands: at the start, in the middle, at the end. */
const PLACES = [0, 0.5, 1];
const KEYS = {
  letter: (drive: Drive) => drive.type('x'),
  left: (drive: Drive) => drive.key('left'),
  'word back': (drive: Drive) => drive.key('alt-b'),
  backspace: (drive: Drive) => drive.key('backspace'),
  undo: (drive: Drive) => drive.key('ctrl-_'),
};

/** Milliseconds of each press with its frame. */
const pressed = (rounds: number, drive: Drive, press: (drive: Drive) => unknown): number[] =>
  Array.from({ length: rounds }, () =>
    timed(() => {
      press(drive);
      view(drive.state, { now: drive.env.now, mono: drive.mono });
    }),
  );

function written(unit: string, size: number, share: number): Drive {
  const drive = new Drive({ columns: 80, rows: 24 });
  drive.login();
  const text = unit.repeat(Math.ceil(size / unit.length));
  const whole = text.slice(0, boundaryBefore(text, size));
  drive.tab().draft = { text: whole, cursor: boundaryBefore(whole, Math.floor(whole.length * share)) };
  view(drive.state, { now: drive.env.now, mono: drive.mono });
  return drive;
}

/** Where in the draft it takes longest for what a short one takes. */
async function* run(how: How): AsyncGenerator<Figure> {
  const rounds = how.size(ROUNDS, 10);
  for (const [kind, text] of Object.entries(TEXTS)) {
    for (const [key, press] of Object.entries(KEYS)) {
      const [worst] = PLACES.map((share) => {
        const [short = [], long = []] = SIZES.map((size) => pressed(rounds, written(text, size, share), press));
        return { long, ratio: median(long) / median(short) };
      }).toSorted((a, b) => b.ratio - a.ratio);
      if (worst === undefined) continue;
      const what = `${kind}, ${key} in 64 KiB`;
      yield { name: what, value: median(worst.long), unit: 'ms' };
      yield { name: `${what}: p99`, value: quantile(worst.long, 0.99), unit: 'ms' };
      yield { name: `${what}, for 100 characters`, value: worst.ratio, unit: 'times' };
    }
  }
}

export const benchmark: Benchmark = {
  name: 'input',
  measures: 'a key in the input line until there is a new frame, in short and long drafts',
  run,
};

if (import.meta.main) await alone(benchmark);
