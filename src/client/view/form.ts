/** The form: centred, and on the smallest screen from the top. */
import { sanitizeLine } from '../../base/text/sanitize.ts';
import { textWidth } from '../../base/text/width.ts';
import { truncate, wrap } from '../../base/text/wrap.ts';
import type { Field, Form } from '../core/form.ts';
import type { Size } from '../core/state.ts';
import type { Frame, Row } from './cells.ts';
import { inputBox } from './input-box.ts';
import { fit, run, spaces } from './runs.ts';

/** Cells of the form where the screen has them: a line that is easily read. */
const WIDTH = 64;
/** Cells of a field that holds an address or a name; longer texts move along in it. */
const FIELD_WIDTH = 28;
const GAP = 2;

interface Drawn {
  readonly rows: readonly Row[];
  readonly cursor: Frame['cursor'];
}

/** The part of a field's text around the cursor: of rows as wide as the field, the one that the cursor is in. */
function fieldText(field: Field, width: number): { readonly row: Row; readonly x: number } {
  const { rows, cursor } = inputBox(field.input, width, 1);
  return { row: rows[0] ?? [], x: cursor.x };
}

function drawField(field: Field, focused: boolean, labels: number, width: number): Drawn {
  const room = Math.max(1, Math.min(FIELD_WIDTH, width - labels - GAP));
  const { row, x } = fieldText(field, room);
  const label = truncate(field.label, labels);
  const head: Row = [
    spaces(labels - textWidth(label)),
    run(label, focused ? 'accent' : 'text', focused ? { bold: true } : {}),
    spaces(GAP),
    ...fit(row, room, 'input').map((piece) => ({ ...piece, underline: true })),
  ];
  const note = field.error ?? (focused ? field.help : '');
  // An empty note is an empty row, so that no field moves when the focus does.
  const notes = wrap(note, Math.max(1, width - labels - GAP)).map(
    (line): Row => [spaces(labels + GAP), run(line, field.error === undefined ? 'dim' : 'error')],
  );
  return { rows: [head, ...notes], cursor: focused ? { x: labels + GAP + x, y: 0 } : undefined };
}

function paragraph(text: string, width: number, role: 'error' | 'notice' | 'dim'): Row[] {
  return text === '' ? [] : wrap(sanitizeLine(text), Math.max(1, width)).map((line) => [run(line, role)]);
}

function draw(form: Form, width: number): Drawn {
  const labels = Math.min(Math.max(...form.fields.map(({ label }) => textWidth(label))), Math.floor(width / 2));
  const rows: Row[] = [[run(truncate(form.title, width), 'accent', { bold: true })], []];
  if (form.message !== undefined)
    rows.push(...paragraph(form.message.text, width, form.message.bad ? 'error' : 'notice'), []);
  let cursor: Frame['cursor'];
  for (const [i, field] of form.fields.entries()) {
    const drawn = drawField(field, i === form.focus && form.busy === undefined, labels, width);
    if (drawn.cursor !== undefined) cursor = { x: drawn.cursor.x, y: rows.length };
    rows.push(...drawn.rows);
  }
  rows.push([]);
  const keys = form.fields.length > 1 ? 'Enter: connect   Tab: next field   Esc: leave' : 'Enter: connect   Esc: leave';
  rows.push(
    ...paragraph(
      form.busy === undefined ? keys : `${form.busy}   Esc: stop`,
      width,
      form.busy === undefined ? 'dim' : 'notice',
    ),
  );
  return { rows, cursor };
}

export function formView(form: Form, { columns, rows: lines }: Size): Frame {
  const width = Math.max(1, Math.min(WIDTH, columns - 2));
  const left = Math.max(0, Math.floor((columns - width) / 2));
  const drawn = draw(form, width);
  // A third from the top looks centred; where the screen is too low, the row with the cursor must stay on it.
  const y = drawn.cursor?.y ?? 0;
  const cut = Math.max(0, Math.min(drawn.rows.length - lines, y - Math.floor(lines / 2)));
  const shown = drawn.rows.slice(cut, cut + lines);
  const top = Math.floor((lines - shown.length) / 3);
  const rows = Array.from({ length: lines }, (_, i): Row => {
    const row = shown[i - top];
    return row === undefined || row.length === 0 ? [] : [spaces(left), ...fit(row, Math.min(width, columns - left))];
  });
  const cursor =
    drawn.cursor === undefined
      ? undefined
      : { x: Math.min(columns - 1, left + drawn.cursor.x), y: drawn.cursor.y - cut + top };
  return { columns, rows, cursor, title: `uchat: ${form.title}` };
}
