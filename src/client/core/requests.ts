/** What was asked of the server and is not answered yet. An answer, or an error, names the request by its id. */
import type { ClientId, RoomName, UserName } from '../../base/ids.ts';
import type { ClientMessage } from '../../protocol/client-messages.ts';
import { backOff } from './back-off.ts';
import type { Effect, Env } from './event.ts';
import type { Purpose, Request } from './inner.ts';
import { reaches } from './reaches.ts';
import type { State } from './state.ts';

/** Requests without an answer: members and history of every room a user may be in, several times over. */
const MAX_REQUESTS = 500;
/** Milliseconds until a request that was refused for now is sent again: at first, and at most. */
const REQUEST_RETRY = { first: 1000, most: 30_000 };

export type WithId = Extract<ClientMessage, { readonly id?: ClientId }>;

/** Sends `message` under a fresh id. Nothing is sent beyond `MAX_REQUESTS`: the server has stopped to answer. */
export function ask(state: State, env: Env, message: WithId, purpose: Purpose): Effect[] {
  const { requests } = state.inner;
  if (!reaches(state, aboutWhom(state, message)) || requests.size >= MAX_REQUESTS) return [];
  const id = env.newId();
  const withId = { ...message, id };
  requests.set(id, { purpose, message: withId, retryAt: undefined, refusals: 0 });
  return [{ do: 'send', message: withId }];
}

/** The request whose answer this is, where it was for `kind`. It stays known: a list may come in several frames. */
export function answered<K extends Purpose['kind']>(
  state: State,
  id: ClientId | undefined,
  kind: K,
): { readonly id: ClientId; readonly request: Request; readonly purpose: Extract<Purpose, { kind: K }> } | undefined {
  if (id === undefined) return undefined;
  const request = state.inner.requests.get(id);
  if (request === undefined) return undefined;
  const { purpose } = request;
  return isFor(purpose, kind) ? { id, request, purpose } : undefined;
}

function isFor<K extends Purpose['kind']>(purpose: Purpose, kind: K): purpose is Extract<Purpose, { kind: K }> {
  return purpose.kind === kind;
}

export const finish = (state: State, id: ClientId): boolean => state.inner.requests.delete(id);

export const isAsked = (state: State, test: (purpose: Purpose, message: ClientMessage) => boolean): boolean =>
  state.inner.requests.values().some(({ purpose, message }) => test(purpose, message));

/** Which room or person it is about, if it names one: that decides where it goes. */
function aboutWhom({ beside }: State, message: WithId): RoomName | UserName | undefined {
  if (message.type === 'lan') return beside?.room;
  if ('room' in message) return message.room;
  return 'user' in message ? message.user : undefined;
}

/** Nothing more is expected of these. */
export function forgetRequests({ inner: { requests } }: State, which: (purpose: Purpose) => boolean): void {
  for (const [id, { purpose }] of requests) if (which(purpose)) requests.delete(id);
}

/** Nothing more is expected for a room whose tab is closed. */
export function forgetRoom(state: State, room: RoomName): void {
  for (const [id, { purpose }] of state.inner.requests) {
    if ('room' in purpose && purpose.room === room) finish(state, id);
  }
}

/** Without a connection nothing is answered any more. To change a message twice is to change it once, so that stays. */
export function requestsLost({ inner: { requests } }: State): void {
  for (const [id, { purpose }] of requests) if (purpose.kind !== 'change') requests.delete(id);
}

/** What was to be changed in a room that we are in again. */
export function askChangesAgain(state: State, room: RoomName): Effect[] {
  const again = [...state.inner.requests.values()].filter(
    ({ purpose }) => purpose.kind === 'change' && purpose.room === room,
  );
  for (const request of again) request.retryAt = undefined;
  return again.map(({ message }) => ({ do: 'send', message }));
}

/** The server was too busy for it: it is sent again by itself. */
export function askLater(request: Request, env: Env): void {
  request.refusals++;
  request.retryAt = env.mono + backOff(REQUEST_RETRY, request.refusals, env.random);
}

export function resendDue(state: State, env: Env): Effect[] {
  const effects: Effect[] = [];
  for (const request of state.inner.requests.values()) {
    if (request.retryAt === undefined || request.retryAt > env.mono) continue;
    request.retryAt = undefined;
    effects.push({ do: 'send', message: request.message });
  }
  return effects;
}

/** Whether a person waits for the answer, and can ask again; what we ask by ourselves, we ask again by ourselves. */
export function isCommand(purpose: Purpose): boolean {
  switch (purpose.kind) {
    case 'leave':
    case 'topic':
    case 'rooms':
    case 'since':
    case 'bans':
    case 'kept':
    case 'order':
    case 'keys':
    case 'invite':
    case 'lan':
    case 'keyAdd':
    case 'keyRemove':
      return true;
    case 'join':
      return purpose.asked;
    case 'history':
    case 'search':
    case 'far':
    case 'changes':
    case 'change':
    case 'members':
    case 'who':
    case 'directory':
      return false;
  }
}
