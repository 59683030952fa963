/**
 * What a key in the input line costs, until there is a new frame, in a draft of 100 characters and in one of 64 KiB:
 * `node test/bench/input.ts`. They should cost much the same, wherever the cursor stands and whatever is written.
 */
import { MAX_INPUT } from '../../src/client/core/input-line.ts';
import { boundaryBefore } from '../../src/client/core/input-words.ts';
import { view } from '../../src/client/view/view.ts';
import { Drive } from '../client/core/drive.ts';

const ROUNDS = 300;
const SIZES = [100, MAX_INPUT - 1000];
const TEXTS = {
  'one line of words': 'the build is green again, have a look ',
  'short lines': 'the build is green again\n',
  Chinese: '今天天气很好我们去公园散步吧',
  'emoji and marks': '👨‍👩‍👧‍👦 👍🏽 e\u0301 🇨🇭 ',
  Hebrew: 'שלום עולם ',
};
const PLACES = { 'at its start': 0, 'in the middle': 0.5, 'at its end': 1 };
const KEYS = {
  letter: (drive: Drive) => drive.type('x'),
  left: (drive: Drive) => drive.key('left'),
  'word back': (drive: Drive) => drive.key('alt-b'),
  backspace: (drive: Drive) => drive.key('backspace'),
  undo: (drive: Drive) => drive.key('ctrl-_'),
};

/** Milliseconds: the median, and what 99 of 100 take at most. */
function timed(drive: Drive, press: (drive: Drive) => unknown): { median: number; p99: number } {
  const times: number[] = [];
  for (let i = 0; i < ROUNDS; i += 1) {
    const start = performance.now();
    press(drive);
    view(drive.state, { now: drive.env.now, mono: drive.mono });
    times.push(performance.now() - start);
  }
  const sorted = times.toSorted((a, b) => a - b);
  return { median: sorted[ROUNDS >> 1] ?? 0, p99: sorted[Math.floor(ROUNDS * 0.99)] ?? 0 };
}

function written(unit: string, size: number, share: number): Drive {
  const drive = new Drive({ columns: 80, rows: 24 });
  drive.login();
  const text = unit.repeat(Math.ceil(size / unit.length));
  const whole = text.slice(0, boundaryBefore(text, size));
  drive.tab().draft = { text: whole, cursor: boundaryBefore(whole, Math.floor(whole.length * share)) };
  view(drive.state, { now: drive.env.now, mono: drive.mono });
  return drive;
}

for (const [kind, unit] of Object.entries(TEXTS)) {
  for (const [place, share] of Object.entries(PLACES)) {
    for (const [key, press] of Object.entries(KEYS)) {
      const [short, long] = SIZES.map((size) => timed(written(unit, size, share), press));
      if (short === undefined || long === undefined) continue;
      const ratio = long.median / short.median;
      console.log(
        `${kind}, ${key} ${place}: ${short.median.toFixed(2)} ms, in 64 KiB ${long.median.toFixed(2)} ms ` +
          `(p99 ${long.p99.toFixed(2)} ms), ratio ${ratio.toFixed(1)}`,
      );
    }
  }
}
