/** Prometheus's text exposition format, version 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats). */
import type { Histogram } from '../figures/histogram.ts';

export const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

type Labels = Readonly<Record<string, string>>;

/** `suffix` is what stands behind the family's name, such as `_sum`. */
export interface Sample {
  readonly suffix?: string;
  readonly labels?: Labels;
  readonly value: number;
}

export interface Family {
  readonly name: string;
  /** One line for people. */
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram' | 'summary';
  readonly samples: readonly Sample[];
}

export const counter = (name: string, help: string, value: number): Family => one('counter', name, help, value);
export const gauge = (name: string, help: string, value: number): Family => one('gauge', name, help, value);

function one(type: Family['type'], name: string, help: string, value: number): Family {
  return { name, help, type, samples: [{ value }] };
}

/** A family with one label; every value of it that there may be. */
export function labelled(
  type: 'counter' | 'gauge',
  name: string,
  help: string,
  label: string,
  values: Iterable<readonly [string, number]>,
): Family {
  return { name, help, type, samples: Array.from(values, ([text, value]) => ({ labels: { [label]: text }, value })) };
}

/** @param wanted upper bounds, ascending, each of which is one of the histogram's own. */
export function histogram(
  name: string,
  help: string,
  { bounds, counts, sum }: Histogram,
  wanted: readonly number[],
): Family {
  const samples: Sample[] = [];
  let below = 0;
  let next = 0;
  for (const [i, count] of counts.entries()) {
    below += count;
    const bound = bounds[i];
    if (bound === undefined || bound !== wanted[next]) continue;
    next += 1;
    samples.push({ suffix: '_bucket', labels: { le: numberText(bound) }, value: below });
  }
  samples.push({ suffix: '_bucket', labels: { le: '+Inf' }, value: below });
  samples.push({ suffix: '_sum', value: sum }, { suffix: '_count', value: below });
  return { name, help, type: 'histogram', samples };
}

export function exposition(families: readonly Family[]): string {
  let text = '';
  for (const { name, help, type, samples } of families) {
    text += `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n`;
    for (const { suffix = '', labels, value } of samples)
      text += `${name}${suffix}${labelText(labels)} ${numberText(value)}\n`;
  }
  return text;
}

function labelText(labels: Labels = {}): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

const escapeHelp = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
const escapeLabel = (text: string): string => escapeHelp(text).replaceAll('"', '\\"');

/** As Go's ParseFloat reads it. */
function numberText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (value === Infinity) return '+Inf';
  return value === -Infinity ? '-Inf' : String(value);
}
