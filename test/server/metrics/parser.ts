/**
 * A strict reader of Prometheus's text format 0.0.4, by its published grammar: whatever it doesn't allow is thrown.
 * https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
interface ReadSample {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
}

export interface ReadFamily {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly samples: readonly ReadSample[];
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,?)/;
/** What Go's ParseFloat takes, without its spellings that nobody writes. */
const VALUE = /^(?:[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|NaN|[+-]Inf)$/;
/** Names that belong to a family of each type. */
const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  counter: [''],
  gauge: [''],
  histogram: ['_bucket', '_sum', '_count'],
  summary: ['', '_sum', '_count'],
};

export function readExposition(text: string): ReadFamily[] {
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  if (text.includes('\r')) throw new Error('lines end in a line feed alone');
  const families: (ReadFamily & { samples: ReadSample[] })[] = [];
  const seen = new Set<string>();
  let help: { readonly name: string; readonly text: string } | undefined;
  for (const line of text.slice(0, -1).split('\n')) {
    const [, keyword, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? [];
    if (keyword === 'HELP') {
      if (help !== undefined) throw new Error(`two HELP lines: ${line}`);
      help = { name: named(name), text: unescape(rest, /\\[\\n]/g, /\\/) };
    } else if (keyword === 'TYPE') {
      if (help?.name !== name) throw new Error(`no HELP before: ${line}`);
      if (seen.has(name)) throw new Error(`a family twice: ${name}`);
      if (SUFFIXES[rest] === undefined) throw new Error(`no type: ${line}`);
      seen.add(name);
      families.push({ name, help: help.text, type: rest, samples: [] });
      help = undefined;
    } else {
      const family = families.at(-1);
      if (family === undefined || help !== undefined) throw new Error(`a sample before its TYPE: ${line}`);
      family.samples.push(readSample(line, family));
    }
  }
  for (const family of families) check(family);
  return families;
}

function named(name: string): string {
  if (!NAME.test(name)) throw new Error(`no name: ${name}`);
  return name;
}

function unescape(text: string, escapes: RegExp, left: RegExp): string {
  if (left.test(text.replaceAll(escapes, ''))) throw new Error(`an escape that is none: ${text}`);
  return text.replaceAll(escapes, (escape) => (escape[1] === 'n' ? '\n' : (escape[1] ?? '')));
}

function readSample(line: string, { name, type }: ReadFamily): ReadSample {
  const sample = /^([^\s{]+)/.exec(line)?.[1] ?? '';
  if (!(SUFFIXES[type] ?? []).some((suffix) => sample === name + suffix)) throw new Error(`not of ${name}: ${line}`);
  let rest = line.slice(sample.length);
  const labels = new Map<string, string>();
  if (rest.startsWith('{')) {
    rest = rest.slice(1);
    for (let more = true; more; ) {
      const [whole = '', label = '', value = '', comma] = LABEL.exec(rest) ?? [];
      if (whole === '' || labels.has(label)) throw new Error(`no label, or one twice: ${line}`);
      labels.set(label, unescape(value, /\\["\\n]/g, /\\/));
      rest = rest.slice(whole.length);
      more = comma === ',';
    }
    if (!rest.startsWith('}')) throw new Error(`labels without an end: ${line}`);
    rest = rest.slice(1);
  }
  const value = /^ (\S+)$/.exec(rest)?.[1] ?? '';
  if (!VALUE.test(value)) throw new Error(`no value: ${line}`);
  return { name: sample, labels, value: Number(value.replace('Inf', 'Infinity')) };
}

const keyOf = ({ name, labels }: ReadSample): string => JSON.stringify([name, ...labels]);

/** By Prometheus's rules for names, and of what the types promise. */
function check({ name, type, samples, help }: ReadFamily): void {
  if (help === '' || samples.length === 0) throw new Error(`${name} says nothing`);
  if (new Set(samples.map(keyOf)).size !== samples.length) throw new Error(`${name} has a sample twice`);
  if ((type === 'counter') !== name.endsWith('_total')) throw new Error(`${name} is a ${type}`);
  if (/_(?:sum|count|bucket|milliseconds|ms|kb)$/i.test(name)) throw new Error(`${name} is no name for a family`);
  if (type !== 'gauge' && samples.some(({ value }) => value < 0)) throw new Error(`${name} counts backwards`);
  if (type === 'histogram') checkHistogram(name, samples);
}

function checkHistogram(name: string, samples: readonly ReadSample[]): void {
  const buckets = samples.filter((sample) => sample.name === `${name}_bucket`);
  const bounds = buckets.map(({ labels }) => Number((labels.get('le') ?? '').replace('Inf', 'Infinity')));
  const ascends = (values: readonly number[]): boolean => values.every((v, i) => i === 0 || v >= (values[i - 1] ?? v));
  if (!ascends(bounds) || new Set(bounds).size !== bounds.length) throw new Error(`${name}: bounds do not ascend`);
  if (!ascends(buckets.map(({ value }) => value))) throw new Error(`${name}: buckets are not cumulative`);
  if (bounds.at(-1) !== Infinity) throw new Error(`${name}: no bucket for all`);
  const count = samples.find((sample) => sample.name === `${name}_count`)?.value;
  if (count !== buckets.at(-1)?.value) throw new Error(`${name}: its count is not its last bucket's`);
}
