/** `uchat history @NAME`: what one has said with a person, from one's own log. No server is asked. */
import type { UnixMs, UserName } from '../../base/ids.ts';
import type { Secret } from '../../base/secret.ts';
import type { HistoryLog } from '../../peer/vault.ts';
import type { ClientSettings } from '../shell/client-settings.ts';
import { clock } from '../shell/clock.ts';
import { done, type Outcome, wrongUsage } from '../shell/outcome.ts';
import { openVaultReader } from '../vault/open.ts';
import { DayLines, personLine } from './lines.ts';
import { print, quietWhenUnread } from './print.ts';
import { unlock } from './unlock.ts';

/** Messages that are held at a time. */
const PAGE = 200;

/** Forwards page by page. @returns how many could not be read. */
function show(log: Pick<HistoryLog, 'page'>, person: UserName, limit: number, json: boolean): number {
  const newest = log.page(person, undefined, 1);
  const last = newest.records.at(-1)?.at;
  if (last === undefined) return newest.damaged;
  const days = new DayLines(clock.now());
  let damaged = 0;
  for (let from = Math.max(0, last + 1 - limit); from <= last; from += PAGE) {
    const end = Math.min(from + PAGE, last + 1);
    const page = log.page(person, end, end - from);
    // Of a page with damaged ones the log gives older ones instead.
    const records = page.records.filter(({ at }) => at >= from);
    damaged += end - from - records.length;
    const day = ({ time }: { readonly time: UnixMs }): string => (json ? '' : days.before(time));
    print(records.map((record) => day(record) + personLine(person, record, json)).join(''));
  }
  return damaged;
}

export async function personHistory(
  { folder, address }: ClientSettings,
  person: UserName,
  passphrase: Secret | undefined,
  { limit, json }: { readonly limit: number; readonly json: boolean },
): Promise<Outcome> {
  // A client of ours may have the vault meanwhile.
  const opened = openVaultReader({ folder, server: address });
  if (!opened.ok) return wrongUsage(opened.error.text);
  const { value: vault } = opened;
  try {
    const unlocked = await unlock(vault.log, passphrase);
    if (!unlocked.ok) return unlocked.error;
    quietWhenUnread();
    const damaged = limit === 0 ? 0 : show(vault.log, person, limit, json);
    if (damaged > 0) process.stderr.write(`uchat: messages that could not be read: ${damaged}\n`);
    return done;
  } finally {
    vault.close();
  }
}
