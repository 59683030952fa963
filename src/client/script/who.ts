/** `uchat who`: who is here, and with `--since` who was. */
import { shortDuration } from '../../base/duration.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { textWidth } from '../../base/text/width.ts';
import type { PersonInfo } from '../../protocol/server-messages.ts';
import type { ClientArguments, ClientSettings } from '../shell/client-settings.ts';
import { done, type Failure, type Outcome, wrongUsage } from '../shell/outcome.ts';
import { Settings } from '../shell/settings.ts';
import { jsonLine } from './lines.ts';
import { print, quietWhenUnread } from './print.ts';
import { asFailure, openTalk, request, type Talk } from './talk.ts';

async function everybody(talk: Talk, since: number | undefined): Promise<Result<readonly PersonInfo[], Failure>> {
  const first = await request(
    talk,
    (id) => ({ type: 'who', id, ...(since === undefined ? {} : { since }) }),
    (message, id) => (message.type === 'users' && message.id === id ? message : undefined),
  );
  if (!first.ok) return err(asFailure(first.error));
  const people = [...first.value.users];
  for (let { more } = first.value; more; ) {
    const next = await talk.next();
    if (!next.ok) return next;
    if (next.value.type !== 'users' || next.value.id !== first.value.id) continue;
    people.push(...next.value.users);
    more = next.value.more;
  }
  return ok(people);
}

/** Who is here now, and who left within `since` ms before `now`, the server's clock. */
export const present = (people: readonly PersonInfo[], now: number, since: number | undefined): readonly PersonInfo[] =>
  people.filter((one) => one.state !== 'offline' || (since !== undefined && one.since >= now - since));

/** `alice    online   3m`: name, state, how long it has lasted. */
export function table(people: readonly PersonInfo[], now: number): string {
  const widest = Math.max(0, ...people.map(({ name }) => textWidth(name)));
  const state = 'offline'.length;
  return people
    .map((one) => `${one.name.padEnd(widest)}  ${one.state.padEnd(state)}  ${shortDuration(now - one.since)}\n`)
    .join('');
}

/** The stable fields of a person: `name`, `state`, `since` (when this state began; ISO 8601, UTC, ms). */
const personLine = ({ name, state, since }: PersonInfo): string =>
  jsonLine({ name, state, since: new Date(since).toISOString() });

export async function who(settings: ClientSettings, argv: ClientArguments): Promise<Outcome> {
  const own = new Settings({ since: { kind: 'duration', says: '' } }, argv);
  const since = own.duration('since');
  const fault = own.faults[0];
  if (fault !== undefined) return wrongUsage(fault.line);
  const session = await openTalk(settings, ({ type }) => type === 'users');
  if (!session.ok) return session.error;
  quietWhenUnread();
  const { talk, welcome } = session.value;
  const people = await everybody(talk, since);
  talk.end();
  if (!people.ok) return people.error;
  const shown = present(people.value, welcome.time, since);
  print(argv.json === true ? shown.map(personLine).join('') : table(shown, welcome.time));
  return done;
}
