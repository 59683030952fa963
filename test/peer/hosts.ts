/** Three hosts: alice and bob each have a cable to the server, and reach each other through it when it routes. */
import { CABLE, holdAll, Namespaces } from '../namespaces.ts';

export type HostName = 'alice' | 'bob' | 'server';
type Guest = Exclude<HostName, 'server'>;

/** Each guest's network, and the server's address in it. */
const NETWORK = { alice: '10.77.1', bob: '10.77.2' } as const;
const guestAddress = (guest: Guest): string => `${NETWORK[guest]}.2`;
const gateway = (guest: Guest): string => `${NETWORK[guest]}.1`;

export class Hosts extends Namespaces<HostName> {
  /** All cables are plugged in, and alice and bob reach each other. */
  static async start(): Promise<Hosts> {
    const hosts = new Hosts(await holdAll<HostName>('server', ['alice', 'bob']));
    try {
      for (const guest of ['alice', 'bob'] as const) await hosts.#lay(guest);
      await hosts.route(true);
    } catch (error) {
      hosts.close();
      throw error;
    }
    return hosts;
  }

  async #lay(guest: Guest): Promise<void> {
    const cable = ['link', 'add', 'name', guest, 'type', 'veth', 'peer', 'name', CABLE, 'netns', `${this.pid(guest)}`];
    await this.run('server', ['ip', ...cable]);
    await this.run('server', ['ip', 'addr', 'add', `${gateway(guest)}/24`, 'dev', guest]);
    await this.run('server', ['ip', 'link', 'set', guest, 'up']);
    await this.run(guest, ['ip', 'addr', 'add', `${guestAddress(guest)}/24`, 'dev', CABLE]);
    await this.plug(guest);
  }

  /** IPv4. @param of the server: as seen by this guest. */
  address(host: Guest): string;
  address(host: 'server', of: Guest): string;
  address(host: HostName, of: Guest = 'alice'): string {
    return host === 'server' ? gateway(of) : guestAddress(host);
  }

  /**
   * Whether alice and bob reach each other. Where not, what they send each other is lost without a word, also of
   * connections that stand; both still reach the server.
   */
  async route(isOn: boolean): Promise<void> {
    await this.sh('server', `echo ${isOn ? 1 : 0} >/proc/sys/net/ipv4/ip_forward`);
  }

  /** That guest reaches nobody, and nobody it. Its connections aren't told. */
  async unplug(guest: Guest): Promise<void> {
    await this.run(guest, ['ip', 'link', 'set', CABLE, 'down']);
  }

  async plug(guest: Guest): Promise<void> {
    await this.run(guest, ['ip', 'link', 'set', CABLE, 'up']);
    await Promise.all([this.carries(guest, CABLE), this.carries('server', guest)]);
    await this.run(guest, ['ip', 'route', 'replace', 'default', 'via', gateway(guest)]);
  }
}
