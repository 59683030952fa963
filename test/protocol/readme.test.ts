/** Keeps src/protocol/README.md true. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CLIENT_MESSAGES } from '../../src/protocol/client-messages.ts';
import { decodeClientMessage, decodeServerMessage } from '../../src/protocol/codec.ts';
import { ERROR_CODES } from '../../src/protocol/errors.ts';
import * as limits from '../../src/protocol/limits.ts';
import { PRIVATE_FRAMES, privateFrame } from '../../src/protocol/private-frames.ts';
import { parse, type Schema } from '../../src/protocol/schema.ts';
import { MAX_ROOMS_OF_USER, SERVER_MESSAGES } from '../../src/protocol/server-messages.ts';
import { fieldsOf, listed, plain, rows, sections } from '../specification.ts';

const README = readFileSync(new URL('../../src/protocol/README.md', import.meta.url), 'utf8');

/** Values that a field's row must name, where a schema has only a few. */
function valuesOf(schema: Schema<unknown>): readonly string[] {
  const { shape } = schema;
  if (shape.kind === 'oneOf' && shape.values.length < 10) return shape.values.map((value) => JSON.stringify(value));
  if (shape.kind === 'literal') return [JSON.stringify(shape.value)];
  return [];
}

/** The fields of a message, or of each of its kinds. */
function topFields({ shape }: Schema<unknown>): readonly (readonly [string, Schema<unknown>])[] {
  if (shape.kind === 'object') return Object.entries(shape.fields);
  return shape.kind === 'variant' ? Object.values(shape.variants).flatMap(topFields) : [];
}

interface Side {
  readonly title: string;
  readonly messages: Readonly<Record<string, Schema<unknown>>>;
  /** Which of its fields says what a message is. */
  readonly tag: 'type' | 'kind';
  readonly decode: (line: string) => unknown;
}

const top = sections(README, '##');
const decodeFrame = (line: string): unknown => parse(privateFrame, JSON.parse(line));
const SIDES: readonly Side[] = [
  { title: 'Client messages', messages: CLIENT_MESSAGES, tag: 'type', decode: decodeClientMessage },
  { title: 'Server messages', messages: SERVER_MESSAGES, tag: 'type', decode: decodeServerMessage },
  { title: 'Private frames', messages: PRIVATE_FRAMES, tag: 'kind', decode: decodeFrame },
];

for (const { title, messages, tag, decode } of SIDES) {
  const schemas = Object.entries(messages);
  describe(title, () => {
    const described = sections(top.get(title) ?? '', '###');

    test('are all described, and no others', () => {
      expect([...described.keys()].sort()).toEqual(Object.keys(messages).sort());
    });

    test.each(schemas)('%s has exactly its fields', (type, schema) => {
      const table = rows(described.get(type) ?? '');
      expect(listed(table)).toEqual(fieldsOf(schema, privateFrame).sort());
      for (const [name, field] of topFields(schema)) {
        const row = table.find((cells) => plain(cells[0]) === name)?.[2] ?? '';
        for (const value of valuesOf(field)) expect(row, name).toContain(value);
      }
    });

    test.each(schemas)('%s has examples, which are messages', (type, schema) => {
      const examples = [...(described.get(type) ?? '').matchAll(/```\n(.*?)\n```/gs)].map((match) => match[1] ?? '');
      expect(examples.length).toBeGreaterThan(0);
      for (const example of examples) {
        expect(example).not.toContain('\n');
        expect(decode(example), example).toMatchObject({ ok: true, value: { [tag]: type } });
        // Nothing in an example that the schema would only ignore.
        const known = fieldsOf(schema, privateFrame).map((name) => name.replace('?', ''));
        const parsed: Record<string, unknown> = JSON.parse(example);
        for (const name of Object.keys(parsed)) expect(known).toContain(name);
      }
    });
  });
}

test('the session at the beginning is made of messages', () => {
  const session = [...README.matchAll(/^([<>]) (\{.*\})$/gm)];
  expect(session.length).toBeGreaterThan(4);
  for (const [, side, line = ''] of session)
    expect(side === '>' ? decodeClientMessage(line) : decodeServerMessage(line), line).toMatchObject({ ok: true });
});

test('every error code is in the table, with what it ends and says', () => {
  expect(rows(top.get('Error codes') ?? '').map(([code, ends, says]) => [plain(code), ends, says])).toEqual(
    Object.entries(ERROR_CODES).map(([code, { ends, says }]) => [code, ends, says]),
  );
});

test('every limit is in the table, with its number, unit and reason', () => {
  const table = rows(top.get('Limits') ?? '');
  expect(Object.fromEntries(table.map(([name, number]) => [plain(name), Number(number)]))).toEqual({
    ...limits,
    MAX_ROOMS_OF_USER,
  });
  for (const [name, , unit, reason] of table) {
    if (name !== '`PROTOCOL_VERSION`' && name !== '`DEFAULT_PORT`') expect(unit, name).not.toBe('');
    expect(reason, name).not.toBe('');
  }
});

test('the numbers in the prose are those of the limits', () => {
  const prose = README.slice(0, README.indexOf('## Limits'));
  for (const [name, number] of Object.entries(limits)) {
    if (/_(MS|FRAME_BYTES|NAME_CHARS|ID_CHARS|ROW)$/.test(name))
      expect(prose + (top.get('Client messages') ?? ''), name).toContain(`${number}`);
  }
});

test('codes and types that the prose names exist', () => {
  const codes = new Set(Object.keys({ ...ERROR_CODES, ...CLIENT_MESSAGES, ...SERVER_MESSAGES }));
  const named = [...README.matchAll(/`([a-z]+(?:_[a-z0-9]+)+)`/g)].map((match) => match[1] ?? '');
  expect(named.length).toBeGreaterThan(Object.keys(ERROR_CODES).length);
  for (const code of named) expect(codes).toContain(code);
});
