/** Who is met on the local network, where a person is a key. */
import type { UserName } from '../../base/ids.ts';
import { addressText, LAN_ADDRESS } from '../../link/address.ts';
import type { Person, State } from './state.ts';

/** What a name of the local network ends with beside a server. */
const SUFFIX = '.lan';

const LAN = addressText(LAN_ADDRESS);

/** There is no server, and none is looked for. */
export const isOnLan = ({ lan, address }: Pick<State, 'lan' | 'address'>): boolean =>
  lan !== undefined || address === LAN;

/** Why older messages can't be had without a connection. */
export const olderWords = (state: Pick<State, 'lan' | 'address'>): string =>
  isOnLan(state)
    ? 'older messages can be read when the local network is there again'
    : 'older messages are on the server: they can be read when it is there again';

/** Whether one talks with them without a server: on the local network, or as somebody who is known from there alone. */
export function isOverLan({ lan, people }: Pick<State, 'lan' | 'people'>, name: UserName): boolean {
  return lan !== undefined || (name.endsWith(SUFFIX) && people.get(name)?.device !== undefined);
}

/** Somebody whom one has on a server, and who is on the local network, too. */
export const isAlsoNear = ({ lan, lanAlso }: State, { device, name }: Person): boolean =>
  lan === undefined && lanAlso && device !== undefined && !name.endsWith(SUFFIX);

/** What turns a key into what people compare. */
type Keys = Pick<State, 'fingerprintOf'>;

const groups = new WeakMap<Person, string>();

/** The beginning of their key's fingerprint, by which two of one name are told apart: `9f86`. */
export function keyGroup({ fingerprintOf }: Keys, person: Person): string | undefined {
  const { device } = person;
  if (device === undefined || fingerprintOf === undefined) return undefined;
  const known = groups.get(person);
  if (known !== undefined) return known;
  const [group = ''] = fingerprintOf(device).split(' ');
  groups.set(person, group);
  return group;
}

/** The name that they gave themselves, where ours for them ends with the beginning of their key: `bob` of `bob-9f86`. */
function calledSo(keys: Keys, person: Person): string {
  const end = person.name.lastIndexOf('-');
  const group = keyGroup(keys, person);
  const isOurs = end > 0 && group !== undefined && person.name.slice(end + 1).startsWith(group);
  return isOurs ? person.name.slice(0, end) : person.name;
}

/** Names that more than one of them gave themselves, in lower case. */
export function sharedNames(state: Keys & Pick<State, 'people'>): ReadonlySet<string> {
  const seen = new Set<string>();
  const shared = new Set<string>();
  for (const person of state.people.values()) {
    const name = calledSo(state, person).toLowerCase();
    if (seen.has(name)) shared.add(name);
    seen.add(name);
  }
  return shared;
}

/** What tells somebody apart whose name another has, too; undefined where it isn't needed, or the name says it. */
export function tellingKey(keys: Keys, person: Person, shared: ReadonlySet<string>): string | undefined {
  const name = calledSo(keys, person);
  return name === person.name && shared.has(name.toLowerCase()) ? keyGroup(keys, person) : undefined;
}
