/**
 * What scripts know of the local network. Where no program of ours runs there, the script is one itself, which has heard
 * nobody yet: so it listens for as long as it takes to hear everybody, before it says who is there.
 */
import type { UserName } from '../../base/ids.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { ANNOUNCE_EVERY_MS } from '../../lan/limits.ts';
import type { PersonInfo, ServerMessages } from '../../protocol/server-messages.ts';
import { clock } from '../shell/clock.ts';
import { type Failure, noConnection } from '../shell/outcome.ts';
import { everybody } from './everybody.ts';
import { pause } from './pause.ts';
import { asFailure, request, type Session, type Talk } from './talk.ts';

/** Milliseconds in which everybody is heard: everybody's next announcement, and a little for the way. */
const HEAR_WITHIN_MS = ANNOUNCE_EVERY_MS + 1000;
/** Milliseconds between two looks at who is there. */
const LOOK_EVERY_MS = 100;

/** What the network is asked for beside what the command wants. */
export const WANTED_OF_LAN: ReadonlySet<string> = new Set(['lan', 'users']);

/** What one is told of what is not delivered because nobody takes it. */
export const NOBODY_HEARD: Failure = noConnection(
  'nobody else is on the local network: it is kept here, and goes out when uchat --lan runs and somebody is there',
);

/** Milliseconds, on our own clock, until everybody was heard; 0 where there is a server. */
function listening({ lan, time }: ServerMessages['welcome']): number {
  if (lan?.since === undefined) return 0;
  return Math.min(HEAR_WITHIN_MS, Math.max(0, HEAR_WITHIN_MS - (time - lan.since)));
}

/** Waits until everybody was heard. */
export async function heardAll({ welcome }: Session): Promise<void> {
  const left = listening(welcome);
  if (left > 0) await pause(left);
}

/** Looks again and again until there is what is looked for, or everybody was heard. @returns whether there is. */
async function until(
  { welcome }: Session,
  look: () => Promise<Result<boolean, Failure>>,
): Promise<Result<boolean, Failure>> {
  const end = clock.monotonic() + listening(welcome);
  for (;;) {
    const seen = await look();
    if (!seen.ok || seen.value || clock.monotonic() >= end) return seen;
    await pause(LOOK_EVERY_MS);
  }
}

async function isLinked(talk: Talk): Promise<Result<boolean, Failure>> {
  const answer = await request(
    talk,
    (id) => ({ type: 'lan', id }),
    (message, id) => (message.type === 'lan' && message.id === id ? message.links > 0 : undefined),
  );
  return answer.ok ? answer : err(asFailure(answer.error));
}

/** Waits until something that is said reaches somebody. @returns whether it does; with a server always. */
export async function linkedToSomebody(session: Session): Promise<Result<boolean, Failure>> {
  if (session.welcome.lan === undefined) return ok(true);
  return await until(session, async () => await isLinked(session.talk));
}

/** … without waiting. */
export async function reachesSomebody({ talk, welcome }: Session): Promise<Result<boolean, Failure>> {
  return welcome.lan === undefined ? ok(true) : await isLinked(talk);
}

const isHere = ({ state }: PersonInfo): boolean => state !== 'offline';

/** Waits until this person is heard. Whether they are, the hub knows best; so nothing is said of it. */
export async function hear(session: Session, person: UserName): Promise<Result<undefined, Failure>> {
  if (session.welcome.lan === undefined) return ok(undefined);
  const heard = await until(session, async () => {
    const people = await everybody(session.talk, undefined);
    return people.ok ? ok(people.value.some((one) => one.name === person && isHere(one))) : people;
  });
  return heard.ok ? ok(undefined) : heard;
}
