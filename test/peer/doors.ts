/** Direct connections inside one process: doors that find each other by their pins, over links in memory. */
import type { Link } from '../../src/link/link.ts';
import { memoryLinks } from '../../src/link/memory.ts';
import type { DirectDoor, DirectOffer, DirectPort } from '../../src/peer/direct.ts';

interface FakePort extends DirectPort {
  readonly pin: string;
  wanted: DirectOffer | undefined;
  given: ((link: Link) => void) | undefined;
}

/** All doors of a test: who can reach whom, and what becomes of the links. */
export class Street {
  readonly #ports = new Map<string, FakePort>();
  readonly links: Link[] = [];
  #count = 0;
  /** Whether machines reach each other at all. */
  reachable = true;
  /** Links that come about at once, by several addresses. */
  ways = 1;
  /** Lines are swallowed, as by a cable that somebody has pulled. */
  dead = false;

  door(): DirectDoor {
    const ports: FakePort[] = [];
    return {
      addresses: ['10.0.0.7'],
      open: () => {
        const pin = `SHA256:${String(++this.#count).padStart(43, 'A')}`;
        const port: FakePort = {
          pin,
          offer: { pin, addresses: [{ host: '10.0.0.7', port: 1000 + this.#count }] },
          wanted: undefined,
          given: undefined,
          connect: (offer, given) => {
            port.wanted = offer;
            port.given = given;
            setImmediate(() => this.#meet(port));
          },
          stop: () => {
            port.given = undefined;
          },
          close: () => {
            this.#ports.delete(pin);
          },
        };
        ports.push(port);
        this.#ports.set(pin, port);
        return Promise.resolve(port);
      },
      close: () => {
        for (const port of ports) port.close();
      },
    };
  }

  #meet(port: FakePort): void {
    const other = this.#ports.get(port.wanted?.pin ?? '');
    if (!this.reachable || other?.wanted?.pin !== port.pin) return;
    for (let way = 0; way < this.ways; way++) {
      const [one, two] = memoryLinks();
      this.links.push(one, two);
      // Whoever gives links gives them one by one, and not at the same time on both sides.
      setImmediate(() => this.#give(port, one));
      setImmediate(() => setImmediate(() => this.#give(other, two)));
    }
  }

  #give(port: FakePort, link: Link): void {
    if (port.given === undefined) link.destroy();
    else port.given(this.#mortal(link));
  }

  /** A link that can die without anybody being told. */
  #mortal(link: Link): Link {
    const isDead = (): boolean => this.dead;
    return new Proxy(link, {
      get: (target, name) => {
        if (name === 'write') return (bytes: string) => isDead() || target.write(bytes);
        const value: unknown = Reflect.get(target, name, target);
        const bound: unknown = typeof value === 'function' ? value.bind(target) : value;
        return bound;
      },
    });
  }

  /** All links break, and both sides notice. */
  cut(): void {
    for (const link of this.links.splice(0)) link.destroy();
  }
}
