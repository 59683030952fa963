/** `uchat who`: who is here, and with `--since` who was. */
import { shortDuration } from '../../base/duration.ts';
import { textWidth } from '../../base/text/width.ts';
import { fingerprintOf } from '../../crypto/identity.ts';
import type { PersonInfo } from '../../protocol/server-messages.ts';
import type { ClientArguments, ClientSettings } from '../shell/client-settings.ts';
import { clock } from '../shell/clock.ts';
import { done, type Outcome, wrongUsage } from '../shell/outcome.ts';
import { Settings } from '../shell/settings.ts';
import { everybody } from './everybody.ts';
import { heardAll } from './lan.ts';
import { jsonLine } from './lines.ts';
import { print, quietWhenUnread } from './print.ts';
import { openTalk } from './talk.ts';

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

/**
 * The stable fields of a person: `name`, `state`, `since` (when this state began; ISO 8601, UTC, ms); on the local network,
 * where a person is a key, `device` and its `fingerprint`, too.
 */
export function personLine({ name, state, since, device }: PersonInfo): string {
  const key = device === undefined ? {} : { device, fingerprint: fingerprintOf(device) };
  return jsonLine({ name, state, since: new Date(since).toISOString(), ...key });
}

export async function who(settings: ClientSettings, argv: ClientArguments): Promise<Outcome> {
  const own = new Settings({ since: { kind: 'duration', says: '' } }, argv);
  const since = own.duration('since');
  const fault = own.faults[0];
  if (fault !== undefined) return wrongUsage(fault.line);
  const session = await openTalk(settings, ({ type }) => type === 'users');
  if (!session.ok) return session.error;
  quietWhenUnread();
  const { talk, welcome } = session.value;
  const asked = clock.monotonic();
  await heardAll(session.value);
  const people = await everybody(talk, since);
  talk.end();
  if (!people.ok) return people.error;
  const now = welcome.time + clock.monotonic() - asked;
  const shown = present(people.value, now, since);
  print(argv.json === true ? shown.map(personLine).join('') : table(shown, now));
  return done;
}
