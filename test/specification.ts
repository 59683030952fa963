/** Reads a specification's page, so that tests can compare it with the code. */
import type { Schema } from '../src/protocol/schema.ts';

/** The text under each heading of this level, by heading. */
export function sections(text: string, level: '##' | '###'): Map<string, string> {
  const parts = text.split(new RegExp(`^${level} `, 'm')).slice(1);
  return new Map(
    parts.map((part) => {
      const end = part.indexOf('\n');
      return [part.slice(0, end).trim(), part.slice(end + 1)];
    }),
  );
}

/** The rows of all tables, each a list of cells, without heads and rulers. */
export function rows(text: string): string[][] {
  const table = text.split('\n').map((row) => (row.startsWith('|') ? row.split('|').slice(1, -1) : undefined));
  return table.flatMap((cells, i) => {
    const isHead = table[i + 1]?.every((cell) => /^-+$/.test(cell.trim()));
    return cells && !isHead && !cells.every((cell) => /^-+$/.test(cell.trim()))
      ? [cells.map((cell) => cell.trim())]
      : [];
  });
}

export const plain = (cell: string | undefined): string => (cell ?? '').replaceAll('`', '');

/** Names of fields as a table lists them: with a question mark what may be left out. */
export const listed = (table: readonly (readonly string[])[]): string[] =>
  table.map(([name, optional]) => plain(name) + (optional === 'optional' ? '?' : '')).toSorted();

/**
 * The fields of a schema with those inside: `auth.method`, `rooms[].name?`. A question mark: it may be left out.
 * @param apart what is described elsewhere.
 */
export function fieldsOf(schema: Schema<unknown>, apart?: Schema<unknown>, path = ''): string[] {
  const { shape } = schema;
  if (schema === apart) return [];
  switch (shape.kind) {
    case 'object':
      return Object.entries(shape.fields).flatMap(([name, field]) => {
        const full = path ? `${path}.${name}` : name;
        const optional = field.shape.kind === 'optional';
        const inner = field.shape.kind === 'optional' ? field.shape.inner : field;
        return [optional ? `${full}?` : full, ...fieldsOf(inner, apart, full)];
      });
    case 'variant':
      return [...new Set(Object.values(shape.variants).flatMap((one) => fieldsOf(one, apart, path)))];
    case 'list':
      return fieldsOf(shape.item, apart, `${path}[]`);
    case 'optional':
    case 'literal':
    case 'oneOf':
    case 'flag':
    case 'integer':
    case 'text':
    case 'pattern':
      return [];
  }
}
