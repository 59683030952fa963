/** What of a page in a file of SQLite's holds nothing: https://sqlite.org/fileformat2.html, 1.6 and 1.8. */

/** B-tree pages: of an index or a table, inner ones and leaves. */
const [INNER_INDEX, INNER_TABLE, LEAF_INDEX, LEAF_TABLE] = [2, 5, 10, 13];
/** Bytes of a page's head; an inner page has the number of its last child behind it. */
const HEAD = 8;
const INNER_HEAD = 12;
/** Bytes of an entry in a page of pointers: what the page is, and its parent. */
const ENTRY = 5;
/** What a page is, if it is a page of a b-tree. */
const ROOT = 1;
const INNER = 5;

/** `PRAGMA auto_vacuum` of a database that gives back space when it is asked to. */
export const INCREMENTAL = 2;

/** From one page of pointers to the next, in a database that can give back space. */
export const stretchOf = (pageSize: number): number => Math.floor(pageSize / ENTRY) + 1;

/** The page of pointers that says what a page is. */
export function pointersOf(page: number, pageSize: number): number {
  const stretch = stretchOf(pageSize);
  return Math.floor((page - 2) / stretch) * stretch + 2;
}

/** Whether `page` belongs to a b-tree, by the page of pointers `at`. */
export function isOfTree(pointers: Uint8Array, at: number, page: number): boolean {
  const kind = pointers[ENTRY * (page - at - 1)];
  return kind === ROOT || kind === INNER;
}

/**
 * Where a page of a b-tree has nothing: between the places of its cells, which grow from its beginning, and the cells,
 * which grow from its end. Undefined for a page that isn't what it should be: it had better be left alone.
 */
export function gapOf(page: Uint8Array): { readonly from: number; readonly to: number } | undefined {
  const view = new DataView(page.buffer, page.byteOffset, page.byteLength);
  const kind = page[0];
  const isInner = kind === INNER_INDEX || kind === INNER_TABLE;
  if (!isInner && kind !== LEAF_INDEX && kind !== LEAF_TABLE) return undefined;
  const cells = view.getUint16(3);
  // A page of 64 KiB can't say it otherwise.
  const to = view.getUint16(5) || 65_536;
  const head = isInner ? INNER_HEAD : HEAD;
  const from = head + 2 * cells;
  if (from > to || to > page.byteLength) return undefined;
  for (let at = head; at < from; at += 2) {
    const cell = view.getUint16(at);
    if (cell < to || cell >= page.byteLength) return undefined;
  }
  return { from, to };
}
