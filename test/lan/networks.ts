/**
 * Local networks: hosts whose cables are plugged into a switch each, a switch being a network, and a router between the
 * switches. The router passes on what is meant for one host, and neither broadcasts nor multicasts, as routers do.
 */
import { CABLE, type Command, type Holders, holdAll, Namespaces } from '../namespaces.ts';

/** What is spoken on a network: IPv4, IPv6, or both. */
type Spoken = 'IPv4' | 'IPv6' | 'both';

export interface Plan<Host extends string> {
  /** Into which switch each host's cable is plugged: 1, 2 … */
  readonly hosts: Readonly<Record<Host, number>>;
  /** Both, where it isn't said. */
  readonly speaks?: Spoken;
}

const ROUTER = 'router';
type Router = typeof ROUTER;

const bridge = (network: number): string => `switch${network}`;
const port = (host: string): string => `p-${host}`;

const has4 = (speaks: Spoken): boolean => speaks !== 'IPv6';
const has6 = (speaks: Spoken): boolean => speaks !== 'IPv4';

/** No address of IPv6 is looked for twice before it is used: that takes seconds, and here nobody has taken it. */
const NO_DOUBTS = 'for f in all default; do echo 0 >/proc/sys/net/ipv6/conf/$f/accept_dad; done';
const NO_IPV6 = 'for f in all default; do echo 1 >/proc/sys/net/ipv6/conf/$f/disable_ipv6; done';

export class Network<Host extends string> extends Namespaces<Host | Router> {
  readonly #plan: Required<Plan<Host>>;
  readonly #hosts: readonly Host[];

  private constructor(plan: Required<Plan<Host>>, hosts: readonly Host[], holders: Holders<Host | Router>) {
    super(holders);
    this.#plan = plan;
    this.#hosts = hosts;
  }

  /** All cables are plugged in. */
  static async start<Host extends string>(plan: Plan<Host>): Promise<Network<Host>> {
    const hosts = Object.keys(plan.hosts) as Host[];
    const holders = await holdAll<Host | Router>(ROUTER, hosts);
    const network = new Network({ speaks: 'both', ...plan }, hosts, holders);
    try {
      const ipv6 = has6(network.#plan.speaks) ? NO_DOUBTS : NO_IPV6;
      await Promise.all([ROUTER, ...hosts].map(async (host) => await network.sh(host as Host | Router, ipv6)));
      await network.#laySwitches();
      await Promise.all(hosts.map(async (host) => await network.#lay(host)));
    } catch (error) {
      network.close();
      throw error;
    }
    return network;
  }

  get #networks(): readonly number[] {
    return [...new Set(Object.values<number>(this.#plan.hosts))];
  }

  async #laySwitches(): Promise<void> {
    const lines = this.#networks.flatMap((n) => [
      `ip link add name ${bridge(n)} type bridge mcast_snooping 0`,
      `ip link set dev ${bridge(n)} up`,
      ...this.#addresses(n, 1).map((address) => `ip addr add ${address} dev ${bridge(n)}`),
    ]);
    await this.sh(ROUTER, ...lines, 'echo 1 >/proc/sys/net/ipv4/ip_forward', this.#forwards6);
  }

  get #forwards6(): string {
    return has6(this.#plan.speaks) ? 'echo 1 >/proc/sys/net/ipv6/conf/all/forwarding' : 'true';
  }

  async #lay(host: Host): Promise<void> {
    const network = this.#plan.hosts[host];
    await this.sh(
      ROUTER,
      `ip link add name ${port(host)} type veth peer name ${CABLE} netns ${this.pid(host)}`,
      `ip link set dev ${port(host)} master ${bridge(network)}`,
      `ip link set dev ${port(host)} up`,
    );
    const { speaks } = this.#plan;
    await this.sh(
      host,
      `ip link set dev ${CABLE} up`,
      ...this.#addresses(network, this.#number(host)).map((address) => `ip addr add ${address} dev ${CABLE}`),
      ...(has4(speaks) ? [`ip route add default via 10.78.${network}.1`] : []),
      ...(has6(speaks) ? [`ip -6 route add default via fd78:${network}::1`] : []),
    );
    await this.#isPlugged(host);
  }

  #number(host: Host): number {
    return this.#hosts.indexOf(host) + 11;
  }

  #addresses(network: number, host: number): string[] {
    const { speaks } = this.#plan;
    return [
      ...(has4(speaks) ? [`10.78.${network}.${host}/24`] : []),
      ...(has6(speaks) ? [`fd78:${network}::${host}/64`] : []),
    ];
  }

  /** IPv4 where that is spoken, else IPv6. */
  address(host: Host): string {
    const [first = ''] = this.#addresses(this.#plan.hosts[host], this.#number(host));
    return first.replace(/\/\d+$/, '');
  }

  /** Puts what somebody runs on that host. */
  on(host: Host): (command: Command) => Command {
    return (command) => this.command(host, command);
  }

  /** That host reaches nobody, and nobody it: it sees that its cable carries nothing. Its connections aren't told. */
  async unplug(host: Host): Promise<void> {
    await this.run(ROUTER, ['ip', 'link', 'set', 'dev', port(host), 'down']);
  }

  async plug(host: Host): Promise<void> {
    await this.run(ROUTER, ['ip', 'link', 'set', 'dev', port(host), 'up']);
    await this.#isPlugged(host);
  }

  async #isPlugged(host: Host): Promise<void> {
    await Promise.all([this.carries(host, CABLE), this.carries(ROUTER, port(host))]);
  }

  /**
   * What `to` sends to `host` goes to `middle` instead, which has that address too from now on: what forged ARP brings
   * about. IPv4 only.
   */
  async standIn(middle: Host, host: Host, to: Host): Promise<void> {
    const [link] = JSON.parse(await this.run(middle, ['ip', '-json', 'link', 'show', CABLE])) as [{ address: string }];
    const address = this.address(host);
    const all = '/proc/sys/net/ipv4/conf/all';
    await this.sh(
      middle,
      // Nobody else is to believe it, so questions about that address aren't answered.
      `echo 1 >${all}/arp_ignore`,
      // It still hears what comes from there.
      `echo 1 >${all}/accept_local; echo 0 >${all}/rp_filter; echo 0 >/proc/sys/net/ipv4/conf/${CABLE}/rp_filter`,
      `ip addr add ${address}/32 dev lo`,
    );
    await this.run(to, ['ip', 'neigh', 'replace', address, 'lladdr', link.address, 'dev', CABLE, 'nud', 'permanent']);
  }

  /** No more. */
  async standAside(middle: Host, host: Host, to: Host): Promise<void> {
    const address = this.address(host);
    await this.run(middle, ['ip', 'addr', 'del', `${address}/32`, 'dev', 'lo']);
    await this.run(to, ['ip', 'neigh', 'del', address, 'dev', CABLE]);
  }
}
