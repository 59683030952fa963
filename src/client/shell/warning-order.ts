/** `FILE:LINE:COLUMN: ` before what is wrong there. */
const PLACE = /^(.*?):(\d+):(\d+): /;

interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

function placeOf(warning: string): Place | undefined {
  const [, file, line, column] = PLACE.exec(warning) ?? [];
  return file === undefined ? undefined : { file, line: Number(line), column: Number(column) };
}

/** Those about one file in the order of its lines, where the first of them stands; all others stay where they are. */
export function inFileOrder(warnings: readonly string[]): string[] {
  const placed = warnings.map((text) => ({ text, place: placeOf(text) }));
  const done = new Set<string>();
  return placed.flatMap(({ text, place }) => {
    if (place === undefined) return [text];
    if (done.has(place.file)) return [];
    done.add(place.file);
    return placed
      .flatMap((one) => (one.place?.file === place.file ? [{ text: one.text, at: one.place }] : []))
      .toSorted((a, b) => a.at.line - b.at.line || a.at.column - b.at.column)
      .map((one) => one.text);
  });
}
