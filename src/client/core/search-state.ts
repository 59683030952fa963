/** What a search holds while it lasts: what was found, and which of it one looks at. */
import type { RoomName, Seq, UnixMs, UserName } from '../../base/ids.ts';
import type { SoughtWords } from '../../base/text/find-words.ts';

/** A message that has the words. */
export interface Found {
  readonly room: RoomName;
  readonly seq: Seq;
  readonly from: UserName;
  readonly text: string;
  readonly time: UnixMs;
}

/** Where one was. Lines come and go meanwhile, so it is kept by a message's place. */
export interface Place {
  /** Its name. */
  readonly tab: string;
  /** Undefined: at the end, which goes on. */
  readonly at: Spot | undefined;
}

interface Spot {
  /** How often the log had begun anew: then the same number is another message. */
  readonly resets: number;
  /** The newest message above the pane's lower edge, and so many of its rows below it. */
  readonly bottom: Seq;
  readonly hidden: number;
  /** The oldest one in sight. */
  readonly top: Seq;
}

export interface Search {
  /** As they were typed. */
  readonly words: string;
  readonly sought: SoughtWords;
  /** Undefined: all rooms that one is in. */
  readonly room: RoomName | undefined;
  /** The newest first. */
  hits: readonly Found[];
  /** Which one is chosen. */
  index: number;
  /** Where it goes on; undefined: there is no more, or nothing has come yet. */
  before: string | undefined;
  status: { readonly kind: 'asking' | 'idle' } | { readonly kind: 'failed'; readonly text: string };
  /** `list`: over the room. `hit`: the chosen one is shown in its log. `left`: one is elsewhere; it can be come back to. */
  shows: 'list' | 'hit' | 'left';
  /** Where one was when it began. */
  readonly from: Place;
  /** How its tab is scrolled to show the chosen one; undefined: not yet. Whoever scrolls themselves stays where they are. */
  kept: Scroll | undefined;
}

/** As in the state. */
type Scroll = { readonly kind: 'tail' } | { readonly kind: 'at'; readonly bottom: number; readonly hidden: number };
