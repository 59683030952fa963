/** What a check can find: one line each, by a code that stays. */
import { sanitizeLine } from '../../../base/text/sanitize.ts';

/**
 * What to do about each. A check changes nothing by itself. `note`: what one may want to know, and nothing is wrong.
 */
const FINDINGS = {
  no_database: { mend: 'name the right folder with --data, or restore a backup: uchat restore' },
  unreadable: { mend: 'check as the user who runs the server' },
  not_ours: { mend: 'move it away' },
  newer_data: { mend: 'install the newer uchat' },
  restore_unfinished: { mend: 'start the server, or restore again: either finishes it' },
  damaged: { mend: 'stop the server and restore a backup: uchat restore FILE --force' },
  foreign_part: { mend: 'no server has made it: drop it with the sqlite3 program, unless it is yours' },
  missing_part: { mend: 'stop the server and restore a backup from before: uchat restore FILE --force' },
  reference: { mend: 'the server runs; whoever misses something restores a backup' },
  bad_value: { mend: 'the server may stop when it reads this: restore a backup from before' },
  no_lobby: { mend: 'restore a backup' },
  gap: { mend: 'a message is lost: restore a backup from before, or live with it' },
  wrong_end: { mend: 'restore a backup from before' },
  stray_message: { mend: 'nobody can see it; restore a backup from before if it is missed' },
  wrong_change: { mend: 'readers may miss a change: restore a backup from before' },
  wrong_deletion: { mend: 'delete the message again, as an operator' },
  wrong_reaction: { mend: 'nobody can see it; nothing has to be done' },
  unknown_member: { mend: 'whoever gets that name finds rooms open; nothing else has to be done' },
  wrong_place: { mend: 'mail may not be delivered: restore a backup from before' },
  wrong_count: { mend: 'it is counted anew when the device fetches its mail' },
  sent_twice: { mend: 'nothing has to be done: a client that sends it again is told one of them' },
  wrong_index: { mend: 'searches miss something: uchat backup and uchat restore make the index anew' },
  server_key: { mend: 'clients know the server by it: take it from a backup' },
  open_to_others: { mend: 'it holds what is private' },
  owner: { mend: 'give all files to the user who runs the server, with chown' },
  old_data: { mend: 'the next start of the server brings it up to date', note: true },
  time_ahead: { mend: "nothing has to be done; look at the server's clock", note: true },
  no_server_key: { mend: 'the server makes one when it starts, unless --tls-key names another', note: true },
  key_not_seen: { mend: 'check as the user who runs the server', note: true },
  cut_off: { mend: 'nothing has to be done: the next restore or start removes it', note: true },
} as const satisfies Readonly<Record<string, { readonly mend: string; readonly note?: true }>>;

export type FindingCode = keyof typeof FINDINGS;

export interface Finding {
  readonly code: FindingCode;
  readonly level: 'fault' | 'note';
  /** One line that can be shown. */
  readonly says: string;
  readonly mend: string;
}

/** Findings of one code that are listed; of the others only the number is said. */
const LISTED = 5;

/** Characters of one finding: what is damaged may be long. */
const MAX_CHARS = 300;

/** Collects them; holds a few of each code, however many there are. */
export class Findings {
  readonly #listed: Finding[] = [];
  readonly #counts = new Map<FindingCode, number>();

  /** @param mend in place of what the table says. */
  add(code: FindingCode, says: string, mend: string = FINDINGS[code].mend): void {
    const count = (this.#counts.get(code) ?? 0) + 1;
    this.#counts.set(code, count);
    if (count > LISTED) return;
    const shown = sanitizeLine(says.length > MAX_CHARS ? `${says.slice(0, MAX_CHARS)}…` : says);
    this.#listed.push({ code, level: levelOf(code), says: shown, mend: sanitizeLine(mend) });
  }

  has(code: FindingCode): boolean {
    return this.#counts.has(code);
  }

  /** How many faults there are; notes are none. */
  get faults(): number {
    return [...this.#counts].reduce((sum, [code, count]) => (levelOf(code) === 'note' ? sum : sum + count), 0);
  }

  /** In the order in which they were found, with a line for those of a code that aren't listed. */
  list(): Finding[] {
    const all = [...this.#listed];
    for (const [code, count] of this.#counts) {
      const last = all.findLastIndex((finding) => finding.code === code);
      if (count > LISTED)
        all.splice(last + 1, 0, {
          code,
          level: levelOf(code),
          says: `and ${count - LISTED} more of these`,
          mend: FINDINGS[code].mend,
        });
    }
    return all;
  }
}

const levelOf = (code: FindingCode): Finding['level'] => ('note' in FINDINGS[code] ? 'note' : 'fault');
