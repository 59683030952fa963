/**
 * Two programs keep what they remember in one file. Each puts into it what it has changed itself, and leaves the rest as
 * the other has written it.
 */
import { MAX_ROOMS_OF_USER } from '../../protocol/server-messages.ts';
import { withDrafts } from './kept-drafts.ts';
import { isSameData, type Memory } from './memory.ts';
import { MAX_KEPT } from './panes/saved.ts';

type Drafts = NonNullable<Memory['drafts']>;
type Seen = NonNullable<Memory['seen']>;
type Layouts = NonNullable<Memory['layouts']>;

/**
 * @param before what this program knows to have been in the file; @param ours what it wants there now.
 * @param theirs what is in the file now.
 */
export function mergeMemory(before: Memory, ours: Memory, theirs: Memory): Memory {
  const isChanged = (key: keyof Memory): boolean => !isSameData(before[key], ours[key]);
  const changed = Object.fromEntries(Object.entries(ours).filter(([key]) => isKey(ours, key) && isChanged(key)));
  const gone = Object.keys(before).filter((key) => !Object.hasOwn(ours, key));
  const left = Object.fromEntries(Object.entries(theirs).filter(([key]) => !gone.includes(key)));
  return {
    ...left,
    ...changed,
    version: 1,
    ...(isChanged('drafts') ? { drafts: drafts(before.drafts ?? [], ours.drafts ?? [], theirs.drafts ?? []) } : {}),
    ...(isChanged('seen') ? { seen: seen(before.seen ?? [], ours.seen ?? [], theirs.seen ?? []) } : {}),
    ...(isChanged('layouts')
      ? { layouts: layouts(before.layouts ?? [], ours.layouts ?? [], theirs.layouts ?? []) }
      : {}),
  };
}

const isKey = (memory: Memory, key: string): key is keyof Memory => Object.hasOwn(memory, key);

function drafts(before: Drafts, ours: Drafts, theirs: Drafts): Drafts {
  const textIn = (list: Drafts, name: string): string => list.find(({ tab }) => tab === name)?.text ?? '';
  const names = [...new Set([...before, ...ours].map(({ tab }) => tab))];
  const changed = names.filter((name) => textIn(before, name) !== textIn(ours, name));
  return withDrafts(theirs, new Map(changed.map((name) => [name, textIn(ours, name)])));
}

/** A room is as far read as by whoever has read further; where the other has changed nothing, it may have begun anew. */
function seen(before: Seen, ours: Seen, theirs: Seen): Seen {
  const seqIn = (list: Seen, name: string) => list.find(({ room }) => room === name)?.seq;
  const changed = ours.filter(({ room, seq }) => seqIn(before, room) !== seq);
  const merged = changed.map((one) => {
    const there = seqIn(theirs, one.room);
    const isTheirs = there !== undefined && there > one.seq && there !== seqIn(before, one.room);
    return isTheirs ? { ...one, seq: there } : one;
  });
  const others = theirs.filter(({ room }) => !changed.some((one) => one.room === room));
  return [...others, ...merged].slice(-MAX_ROOMS_OF_USER);
}

/** Each name's by itself; whoever was here last first. */
function layouts(before: Layouts, ours: Layouts, theirs: Layouts): Layouts {
  const layoutIn = (list: Layouts, name: string) => list.find(({ of }) => of === name);
  const changed = ours.filter((one) => !isSameData(layoutIn(before, one.of), one));
  const others = theirs.filter(({ of }) => !changed.some((one) => one.of === of));
  return [...changed, ...others].slice(0, MAX_KEPT);
}
