/**
 * A process to be killed: appends, edits, deletes and searches without end, and says on standard output what is resolved,
 * one line each: the place, and its text from then on. `node changer.ts FOLDER RUN`
 */
import type { Seq, UnixMs, UserName } from '../../../src/base/ids.ts';
import { LOBBY } from '../../../src/protocol/names.ts';
import { openSqliteStore } from '../../../src/server/store/sqlite/open.ts';
import type { NewChange } from '../../../src/server/store/store.ts';

const [folder = '', run = ''] = process.argv.slice(2);
const store = await openSqliteStore({ folder, durability: 'process' });
const author = 'alice' as UserName;
const time = 1 as UnixMs;

async function change(seq: Seq, what: NewChange['what'], text: string): Promise<void> {
  const made: NewChange = { room: LOBBY, seq, by: author, time, what, may: { kind: 'any' } };
  const audit = { time, by: author, action: 'delete', target: '', detail: '' };
  const came = await store.change(made, { emoji: 20, reactions: 100 }, audit);
  if (came.kind === 'changed') process.stdout.write(`${seq} ${text}\n`);
}

for (let n = 0; ; n++) {
  const texts = Array.from({ length: 20 }, (_, i) => `say${run}x${n}x${i}`);
  const placed = await Promise.all(texts.map((text) => store.append({ room: LOBBY, from: author, text, time })));
  for (const [i, { seq }] of placed.entries()) process.stdout.write(`${seq} ${texts[i]}\n`);
  const seqs = placed.map(({ seq }) => seq);
  const edited = `edit${run}x${n}`;
  const calls = [
    change(seqs[3] ?? (0 as Seq), { kind: 'edit', text: edited }, edited),
    change(seqs[5] ?? (0 as Seq), { kind: 'delete' }, ''),
    change(Math.max(1, (seqs[0] ?? 0) - 37) as Seq, { kind: 'edit', text: `old${edited}` }, `old${edited}`),
  ];
  if (n % 5 === 0) await store.search({ rooms: [LOBBY], phrases: [edited], prefix: false, limit: 5, maxBytes: 1000 });
  await Promise.all(calls);
}
