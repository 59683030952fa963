import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Histogram, SECONDS } from '../../../src/server/figures/histogram.ts';
import { counter, exposition, gauge, histogram, labelled } from '../../../src/server/metrics/exposition.ts';
import { familiesOf } from '../../../src/server/metrics/families.ts';
import { person, room, snapshotOf } from '../console/dashboard/scene.ts';
import { readExposition } from './parser.ts';

test('a family is its help, its type, and its samples', () => {
  expect(exposition([counter('a_total', 'What it is.', 12), gauge('b', 'And this.', 0.5)])).toBe(
    '# HELP a_total What it is.\n# TYPE a_total counter\na_total 12\n# HELP b And this.\n# TYPE b gauge\nb 0.5\n',
  );
});

test('whatever stands in a help or a label comes back as it was', () => {
  fc.assert(
    fc.property(fc.string(), fc.string({ minLength: 1 }), (label, help) => {
      const [clean, told] = [label.replaceAll('\r', ''), help.replaceAll('\r', '')];
      fc.pre(told !== '');
      const [read] = readExposition(exposition([labelled('gauge', 'a', told, 'b', [[clean, 1]])]));
      expect(read?.help).toBe(told);
      expect(read?.samples[0]?.labels.get('b')).toBe(clean);
    }),
  );
});

test('every number comes back', () => {
  fc.assert(
    fc.property(fc.double(), (value) => {
      const [read] = readExposition(exposition([gauge('a', 'x', value)]));
      // No zero is told from the other.
      expect(read?.samples[0]?.value).toBe(Object.is(value, -0) ? 0 : value);
    }),
  );
});

test('a histogram is cumulative, whichever of its bounds are shown', () => {
  const measured = new Histogram(SECONDS);
  for (const value of [0.0001, 0.004, 0.004, 0.3, 1000]) measured.record(value);
  const text = exposition([histogram('a_seconds', 'x', measured, [0.001, 0.005, 1])]);
  expect(text.split('\n').slice(2, -1)).toEqual([
    'a_seconds_bucket{le="0.001"} 1',
    'a_seconds_bucket{le="0.005"} 3',
    'a_seconds_bucket{le="1"} 4',
    'a_seconds_bucket{le="+Inf"} 5',
    'a_seconds_sum 1000.3081',
    'a_seconds_count 5',
  ]);
  readExposition(text);
});

describe('the server’s families', () => {
  const people = [person('mallory-the-spy', { from: '10.99.88.77' })];
  const snapshot = snapshotOf(people, [room('#secret-plans', { topic: 'burn this' })], { deliveries: 7 });
  const text = exposition(familiesOf(snapshot));
  const families = readExposition(text);
  const samples = new Map(
    families.flatMap((family) =>
      family.samples.map(({ name, labels, value }) => [[name, ...labels.values()].join(' '), value] as const),
    ),
  );

  test('are well-formed, and named by the rules', () => {
    for (const { name } of families) expect(name).toMatch(/^(?:uchat|process)_[a-z_]+$/);
    expect(families.length).toBeGreaterThan(20);
  });

  test('name no user, room, address, or topic', () => {
    expect(text).not.toMatch(/mallory|secret|10\.99|burn|1001/);
  });

  test('show every bound that is asked for', () => {
    const bounds = families
      .filter(({ type }) => type === 'histogram')
      .map(({ samples: all }) => all.filter(({ labels }) => labels.has('le')).length);
    expect(bounds).toEqual([15, 9]);
  });

  test('have all of their labels from the start, so that a rate sees the first', () => {
    expect(samples.get('uchat_refused_total wrong_password')).toBe(0);
    expect(samples.get('uchat_logins_total password refused')).toBe(0);
    expect(samples.get('uchat_sessions authenticating')).toBe(0);
  });

  test('say in base units what the dashboard says', () => {
    expect(samples.get('uchat_deliveries_total')).toBe(7);
    expect(samples.get('uchat_event_loop_delay_seconds 0.99')).toBe(0.0012);
    expect(samples.get('uchat_wal_bytes')).toBe(4e6);
    expect(samples.get('process_resident_memory_bytes')).toBe(91e6);
    expect(samples.get('uchat_users online')).toBe(1);
  });
});

test.each([
  ['a name', '# HELP 9a x\n# TYPE 9a gauge\n9a 1\n'],
  ['an escape', '# HELP a x\n# TYPE a gauge\na{b="\\q"} 1\n'],
  ['a value', '# HELP a x\n# TYPE a gauge\na 0x10\n'],
  ['a counter without _total', '# HELP a x\n# TYPE a counter\na 1\n'],
  ['a last line without end', '# HELP a x\n# TYPE a gauge\na 1'],
  ['a sample twice', '# HELP a x\n# TYPE a gauge\na 1\na 2\n'],
  ['another family’s sample', '# HELP a x\n# TYPE a gauge\nb 1\n'],
  ['a blank line', '# HELP a x\n# TYPE a gauge\n\na 1\n'],
])('the reader refuses %s that is none', (_, text) => {
  expect(() => readExposition(text)).toThrow();
});
