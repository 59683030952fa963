/** A few fields to fill in: where the server is, and one's name. Pure; how a field is checked is passed in. */
import type { Result } from '../../base/result.ts';
import { actionOf } from '../keys/bound.ts';
import type { Key } from '../keys/key.ts';
import { EMPTY_LINE, edit, type InputLine, insert } from './input-line.ts';

/** The text of a field, or what is wrong with it. */
type Check = (text: string) => Result<unknown, string>;

export interface FieldSpec {
  readonly label: string;
  /** What to write, shown beside the field. */
  readonly help: string;
  readonly initial: string;
  readonly check: Check;
}

export interface Field {
  readonly label: string;
  readonly help: string;
  readonly input: InputLine;
  readonly check: Check;
  /** What is wrong with it; cleared by the next change. */
  readonly error: string | undefined;
}

export interface Form {
  readonly title: string;
  /** Why there is a form, or what came of the last attempt. */
  readonly message: { readonly text: string; readonly bad: boolean } | undefined;
  /** At least one. */
  readonly fields: readonly Field[];
  readonly focus: number;
  /** What is under way with what was entered; meanwhile keys only cancel. */
  readonly busy: string | undefined;
}

/** UTF-16 units of one field: the longest host name has 253. */
export const MAX_FIELD = 300;

export type FormResult =
  | { readonly kind: 'editing'; readonly form: Form }
  /** All fields passed their checks; their texts, in order, without blanks around. */
  | { readonly kind: 'submitted'; readonly form: Form; readonly texts: readonly string[] }
  /** The person doesn't want it: leaves the form, or what is under way. */
  | { readonly kind: 'cancelled'; readonly form: Form };

export function createForm(title: string, specs: readonly FieldSpec[], message?: Form['message']): Form {
  const fields = specs.map(({ label, help, initial, check }) => ({
    label,
    help,
    check,
    input: insert(EMPTY_LINE, oneLine(initial)),
    error: undefined,
  }));
  return { title, message, fields, focus: 0, busy: undefined };
}

export const withMessage = (form: Form, text: string, bad: boolean): Form => ({
  ...form,
  message: { text, bad },
  busy: undefined,
});

/** What only the whole form tells about one of its fields. */
export const withFault = (form: Form, focus: number, error: string): Form => ({
  ...form,
  message: undefined,
  busy: undefined,
  focus,
  fields: form.fields.map((field, i) => (i === focus ? { ...field, error } : field)),
});

/** What was entered is being tried. */
export const working = (form: Form, busy: string): Form => ({ ...form, message: undefined, busy });

/** A field has no second line, and no end of line to wait for. */
const oneLine = (text: string): string =>
  text
    .replaceAll(/[\r\n\t]+/g, ' ')
    .trim()
    .slice(0, MAX_FIELD);

function changeField(form: Form, change: (input: InputLine) => InputLine): Form {
  const fields = form.fields.map((field, i) => {
    if (i !== form.focus) return field;
    const input = change(field.input);
    if (input.text.length > MAX_FIELD) return field;
    return { ...field, input, error: input.text === field.input.text ? field.error : undefined };
  });
  return { ...form, fields };
}

function move(form: Form, by: number): Form {
  const count = form.fields.length;
  return { ...form, focus: (form.focus + by + count) % count };
}

const textOf = ({ input }: Field): string => input.text.trim();

/** Enter: every field is checked, and the first that is wrong gets the focus. */
function submit(form: Form): FormResult {
  const fields = form.fields.map((field) => {
    const checked = field.check(textOf(field));
    return { ...field, error: checked.ok ? undefined : checked.error };
  });
  const wrong = fields.findIndex(({ error }) => error !== undefined);
  if (wrong >= 0) return { kind: 'editing', form: { ...form, fields, focus: wrong, message: undefined } };
  const checked = { ...form, fields };
  return { kind: 'submitted', form: checked, texts: fields.map(textOf) };
}

export function pressKey(form: Form, key: Key): FormResult {
  const editing = (next: Form): FormResult => ({ kind: 'editing', form: next });
  const action = actionOf(key);
  if (
    action?.kind === 'quit' ||
    action?.kind === 'cancel' ||
    (action?.kind === 'deleteOrQuit' && form.busy !== undefined)
  )
    return { kind: 'cancelled', form };
  if (form.busy !== undefined || action === undefined) return editing(form);
  const changed = (change: (input: InputLine) => InputLine): FormResult => editing(changeField(form, change));
  // Of all that keys can do, this means something in a form.
  if (action.kind === 'insert') return changed((input) => insert(input, action.text.replaceAll(/[\r\n\t]/g, '')));
  if (action.kind === 'paste') return changed((input) => insert(input, oneLine(action.text)));
  if (action.kind === 'edit' && action.edit !== 'newline') return changed((input) => edit(input, action.edit));
  if (action.kind === 'deleteOrQuit') return changed((input) => edit(input, 'deleteForward'));
  if (action.kind === 'submit') return submit(form);
  if (action.kind === 'complete') return editing(move(form, action.back ? -1 : 1));
  if (action.kind === 'historyPrevious') return editing(move(form, -1));
  return editing(action.kind === 'historyNext' ? move(form, 1) : form);
}
