/** Parts of private chats: passed on over the link, or refused; nothing of them is kept. */
import type { ClientId, DeviceId, UserName } from '../../base/ids.ts';
import type { ClientMessages } from '../../protocol/client-messages.ts';
import { ERROR_CODES, type ErrorCode } from '../../protocol/errors.ts';
import type { MeshFrame } from '../mesh/mesh.ts';
import { MAX_PRIVATES_UNDERWAY } from './limits.ts';
import type { Person } from './person.ts';
import type { Session } from './session.ts';

export interface PrivatesPorts {
  readonly newId: () => ClientId;
  readonly send: (device: DeviceId, frame: MeshFrame) => boolean;
  readonly refuse: (session: Session, code: ErrorCode, text: string, id: ClientId | undefined) => void;
}

/** What may become of one; whatever else they say is an error of theirs. */
const REASONS: ReadonlyMap<string, ErrorCode> = new Map(
  (['not_here', 'no_device', 'not_delivered', 'rate_limited', 'too_many_asks', 'bad_message'] as const).map((code) => [
    code,
    code,
  ]),
);

interface Sent {
  readonly device: DeviceId;
  readonly session: Session;
  readonly id: ClientId;
  readonly user: UserName;
}

export class Privates {
  readonly #ports: PrivatesPorts;
  /** Those with an id, by the one that they have on their way; the oldest first. */
  readonly #sent = new Map<ClientId, Sent>();

  constructor(ports: PrivatesPorts) {
    this.#ports = ports;
  }

  send(session: Session, { id, device, frame }: ClientMessages['private'], person: Person): void {
    const { newId, send, refuse } = this.#ports;
    if (device !== undefined && device !== person.device)
      return refuse(session, 'not_here', ERROR_CODES.not_here.says, id);
    // Two programs of ours may choose the same id.
    const wireId = id === undefined ? undefined : newId();
    const isSent = send(person.device, { type: 'private', frame, ...(wireId === undefined ? {} : { id: wireId }) });
    if (!isSent) return refuse(session, 'not_here', `${person.user} is not here: there is no connection to them`, id);
    if (wireId === undefined || id === undefined) return;
    this.#sent.set(wireId, { device: person.device, session, id, user: person.user });
    for (const oldest of this.#sent.keys()) if (this.#sent.size > MAX_PRIVATES_UNDERWAY) this.#sent.delete(oldest);
  }

  /** @returns whether it was about one of those. */
  refused(device: DeviceId, wireId: ClientId, reason: string): boolean {
    const sent = this.#sent.get(wireId);
    if (sent?.device !== device) return false;
    this.#sent.delete(wireId);
    const code = REASONS.get(reason) ?? 'not_here';
    const text = code === 'not_delivered' ? `${sent.user} takes no messages from you` : ERROR_CODES[code].says;
    this.#ports.refuse(sent.session, code, text, sent.id);
    return true;
  }

  left(session: Session): void {
    for (const [wireId, sent] of this.#sent) if (sent.session === session) this.#sent.delete(wireId);
  }
}
