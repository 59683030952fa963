/** Mailboxes and devices as short as they can be said: what a store must do, and what a server without one is tested with. */
import type { DeviceId, Seq, UserName } from '../../../src/base/ids.ts';
import type { Sealed } from '../../../src/protocol/fields.ts';
import type {
  DeviceCame,
  DeviceLimits,
  KeptMail,
  KnownDevice,
  MailCame,
  MailLimits,
  MailPage,
  MailVerdict,
  NewAnnouncement,
  NewDevice,
  NewMail,
} from '../../../src/server/store/store.ts';

const seq = (n: number): Seq => n as Seq;
const bytesOf = (mail: readonly { readonly sealed: Sealed }[]): number =>
  mail.reduce((sum, { sealed }) => sum + Buffer.byteLength(JSON.stringify(sealed)), 0);

interface Device {
  readonly device: DeviceId;
  packages: string[];
  used: number;
}

export class ModelMail {
  readonly #boxes = new Map<UserName, { last: number; mail: KeptMail[] }>();
  readonly #sent = new Map<string, NewMail>();
  readonly #devices = new Map<UserName, Device[]>();

  #box(user: UserName): { last: number; mail: KeptMail[] } {
    const box = this.#boxes.get(user) ?? { last: 0, mail: [] };
    this.#boxes.set(user, box);
    return box;
  }

  putDevice(
    { user, device, packages, time }: NewDevice,
    limits: DeviceLimits,
    here: readonly DeviceId[] = [],
  ): DeviceCame {
    const known = this.#devices.get(user) ?? [];
    let own = known.find((one) => one.device === device);
    let dropped: DeviceId | undefined;
    let rest = known;
    if (own === undefined) {
      own = { device, packages: [], used: 0 };
      const byUse = known.toSorted((a, b) => a.used - b.used);
      if (known.length >= limits.devices)
        dropped = (byUse.find((one) => !here.includes(one.device)) ?? byUse[0])?.device;
      rest = [...known.filter((one) => one.device !== dropped), own];
    }
    own.used = time;
    own.packages = [...new Set([...own.packages, ...packages])].slice(-limits.packages);
    this.#devices.set(user, rest);
    const box = this.#box(user);
    box.mail = box.mail.filter((mail) => mail.kind === 'announcement' || mail.device !== dropped);
    return { packages: own.packages.length, ...(dropped === undefined ? {} : { dropped }) };
  }

  devices(user: UserName, claim: readonly DeviceId[]): KnownDevice[] {
    return (this.#devices.get(user) ?? []).map((one) => {
      const claimed = claim.includes(one.device) ? one.packages.shift() : undefined;
      const left = one.packages.length;
      return claimed === undefined ? { device: one.device, left } : { device: one.device, package: claimed, left };
    });
  }

  send(mail: NewMail, verdict: MailVerdict, limits: MailLimits): MailCame {
    const { from, to, device, sealed, time, id } = mail;
    const known = this.#sent.get(`${from} ${id}`);
    if (known !== undefined) return { kind: 'known', to: known.to, time: known.time };
    if (verdict === 'refuse') return { kind: 'refused' };
    const box = this.#box(to);
    if (verdict === 'keep') {
      if (this.#devices.get(to)?.some((one) => one.device === device) !== true) return { kind: 'no_device' };
      const counted = box.mail.filter((kept) => kept.kind === 'sealed' && kept.device === device);
      const all = [...counted, mail].flatMap((one) => ('sealed' in one ? [one] : []));
      if (all.length > limits.messages || bytesOf(all) > limits.bytes) return { kind: 'full' };
    }
    this.#sent.set(`${from} ${id}`, mail);
    if (verdict === 'pass') return { kind: 'passed' };
    box.last += 1;
    box.mail.push({ n: seq(box.last), from, device, sealed, time, kind: 'sealed', id });
    return { kind: 'kept', n: seq(box.last) };
  }

  page(user: UserName, device: DeviceId | undefined, since: Seq, limit = Infinity): MailPage {
    const { last, mail } = this.#box(user);
    const rest = mail.filter((one) => one.n > since && (one.kind === 'announcement' || one.device === device));
    return { mail: rest.slice(0, limit), more: rest.length > limit, last: seq(last) };
  }

  received(user: UserName, n: Seq, device?: DeviceId): void {
    const box = this.#box(user);
    box.mail = box.mail.filter((mail) => mail.n > n || (mail.kind === 'sealed' && mail.device !== device));
  }

  announce({ from, body, time }: NewAnnouncement, accounts: Iterable<UserName>): { user: UserName; n: Seq }[] {
    return [...accounts].map((user) => {
      const box = this.#box(user);
      box.last += 1;
      box.mail.push({ n: seq(box.last), from, body, time, kind: 'announcement' });
      return { user, n: seq(box.last) };
    });
  }
}
