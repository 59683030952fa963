/** What was edited, deleted or reacted to stays so: whatever anybody has seen of it, or was told is done. */
import { type Report, reactionsOf } from './report.ts';
import type { Changed, Entry, Observation, Stored, Wish } from './trace.ts';

/** What is known of one message. */
interface Known {
  /** The newest change of which anybody knows. */
  rev: number;
  /** The newest text of which anybody knows, and the number of the change with which it was so. */
  text?: { readonly rev: number; readonly text: string };
  deleted?: number;
  reactions?: { readonly rev: number; readonly list: string };
  /** What was wanted, and nobody has answered. */
  readonly open: Map<string, { readonly as: string; readonly wish: Wish }>;
}

export function checkChanges(trace: readonly Observation[], stored: Stored, report: Report): void {
  const known = new Map<string, Known>();
  const numbers = new Map<string, string>();
  const of = (room: string, seq: number): Known => {
    const key = `${room} ${seq}`;
    const found = known.get(key) ?? { rev: 0, open: new Map() };
    known.set(key, found);
    return found;
  };
  const see = (room: string, entry: Entry): void => {
    if (entry.rev > 0) learn(of(room, entry.seq), whole(room, entry));
  };
  for (const one of trace) {
    if (one.kind === 'wished') of(one.room, one.seq).open.set(one.id, { as: one.as, wish: one.wish });
    else if (one.kind === 'changed') {
      const { change } = one;
      const found = of(change.room, change.seq);
      learn(found, change);
      if (one.id !== undefined) found.open.delete(one.id);
      // The answer to what was so already has an earlier number.
      else sameForAll(numbers, change, one.who, report);
    } else if (one.kind === 'heard' || one.kind === 'shown') see(one.room, one.entry);
    else if (one.kind === 'read') for (const entry of one.entries) see(one.room, entry);
  }
  for (const [key, one] of known) compare(key, one, stored, report);
}

const whole = (room: string, { seq, rev, text, deleted, reactions = [] }: Entry): Changed => ({
  room,
  seq,
  rev,
  text,
  reactions,
  ...(deleted === true ? { deleted } : {}),
});

function learn(known: Known, { rev, text, deleted, reactions }: Changed): void {
  if (rev > known.rev) known.rev = rev;
  if (deleted === true) known.deleted = rev;
  else if (text !== undefined && rev > (known.text?.rev ?? 0)) known.text = { rev, text };
  if (reactions !== undefined && deleted !== true && rev > (known.reactions?.rev ?? 0))
    known.reactions = { rev, list: reactionsOf({ reactions }) };
}

/** Under one number all have seen the same. */
function sameForAll(numbers: Map<string, string>, change: Changed, who: string, report: Report): void {
  const key = `${change.room} change ${change.rev}`;
  const says = JSON.stringify([change.seq, change.text, change.deleted, change.reactions]);
  const before = numbers.get(key);
  if (before !== undefined && before !== says) report('two orders', `${key} is another for ${who}`);
  numbers.set(key, says);
}

function compare(key: string, known: Known, { rooms }: Stored, report: Report): void {
  const [room = '', seq = ''] = key.split(' ');
  const truth = rooms.get(room);
  const entry = truth?.entries[Number(seq) - 1];
  // That it is gone is told elsewhere.
  if (truth === undefined || entry === undefined) return;
  if (known.rev > truth.rev) report('change undone', `${room} has had ${truth.rev} changes: ${known.rev} was seen`);
  if (known.rev > entry.rev) return report('change undone', `${key} is as of ${entry.rev}: ${known.rev} was seen`);
  if (known.deleted !== undefined && entry.deleted !== true) return report('change undone', `${key} was deleted`);
  const open = [...known.open.values()];
  const wanted = (test: (wish: Wish) => boolean): boolean => open.some(({ wish }) => test(wish));
  if (entry.deleted === true) {
    if (known.deleted === undefined && !wanted(({ kind }) => kind === 'delete'))
      report('change undone', `${key} is deleted, and nobody wanted it`);
    return;
  }
  const { text } = known;
  if (
    text !== undefined &&
    text.text !== entry.text &&
    !wanted((wish) => wish.kind === 'edit' && wish.text === entry.text)
  )
    report('change undone', `${key} says "${entry.text.slice(0, 40)}": "${text.text.slice(0, 40)}" was seen`);
  if (known.reactions !== undefined) compareReactions(key, known.reactions.list, entry, open, report);
}

function compareReactions(
  key: string,
  list: string,
  entry: Entry,
  open: readonly { readonly as: string; readonly wish: Wish }[],
  report: Report,
): void {
  const split = (text: string): Set<string> => new Set(text.match(/\S+ \S+/g));
  const difference = split(list).symmetricDifference(split(reactionsOf(entry)));
  for (const each of difference) {
    const [emoji, user] = each.split(' ');
    const isWanted = open.some(({ as, wish }) => as === user && wish.kind === 'react' && wish.emoji === emoji);
    if (!isWanted) report('change undone', `the reaction ${each} to ${key}`);
  }
}
