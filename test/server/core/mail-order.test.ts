import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Session } from '../../../src/server/core/session.ts';
import { mailTo, sayDevice } from '../sealed.ts';
import { World } from './world.ts';

const DEVICES = ['bob1', 'bob2'] as const;
type DeviceName = (typeof DEVICES)[number];

type Step =
  | { readonly do: 'mail' | 'again' | 'connect' | 'ready'; readonly device: DeviceName }
  | { readonly do: 'announce' | 'commit' | 'commit all' }
  | { readonly do: 'read' | 'received' | 'device' | 'close'; readonly session: number };

interface Client {
  readonly session: Session;
  readonly device: DeviceName;
  isReady: boolean;
  /** The highest places of each kind that it was sent. */
  sealed: number;
  announced: number;
}

/** Whose devices each remember what they have shown. */
class Recipient {
  readonly world: World;
  readonly shown: Readonly<Record<DeviceName, string[]>> = { bob1: [], bob2: [] };
  /** Places of announcements that some device has shown, or that were received by one that has. */
  readonly heard = new Set<number>();
  clients: Client[] = [];

  constructor(world: World) {
    this.world = world;
  }

  connect(device: DeviceName): Client {
    const client = { session: this.world.login('bob', 1002), device, isReady: false, sealed: 0, announced: 0 };
    this.clients.push(client);
    return client;
  }

  sayDevice(client: Client): void {
    client.isReady = true;
    this.world.tell(client.session, sayDevice(client.device));
  }

  read(client: Client): void {
    for (const frame of this.world.take(client.session)) {
      if (frame.type !== 'mail') continue;
      // Each kind goes forward only, and leaves out nothing but what another session has received.
      if (frame.kind === 'announcement') {
        expect(frame.n).toBeGreaterThan(client.announced);
        client.announced = frame.n;
        this.heard.add(frame.n);
        continue;
      }
      expect(frame.device).toBe(mailTo('bob', client.device, '').device);
      expect(frame.n).toBeGreaterThan(client.sealed);
      client.sealed = frame.n;
      const shown = this.shown[client.device];
      if (!shown.includes(frame.id)) shown.push(frame.id);
    }
  }
}

const device = fc.constantFrom(...DEVICES);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.record({ do: fc.constantFrom('mail' as const, 'mail' as const, 'again' as const), device }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('connect' as const, 'ready' as const), device }) },
  {
    weight: 9,
    arbitrary: fc.record({ do: fc.constantFrom('commit' as const, 'commit' as const, 'commit all' as const) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('announce' as const) }) },
  {
    weight: 9,
    arbitrary: fc.record({
      do: fc.constantFrom('read' as const, 'read' as const, 'received' as const, 'device' as const, 'close' as const),
      session: fc.nat(4),
    }),
  },
);

type Sent = Readonly<Record<DeviceName, string[]>>;

function perform(w: World, author: Session, bob: Recipient, sent: Sent, one: Step): void {
  switch (one.do) {
    case 'mail':
    case 'again': {
      const ids = sent[one.device];
      // With the id of the one before it, it is nothing new.
      const id = one.do === 'mail' || ids.length === 0 ? `${one.device}-${ids.length}` : (ids.at(-1) ?? '');
      if (id !== ids.at(-1)) ids.push(id);
      return w.tell(author, mailTo('bob', one.device, id));
    }
    case 'announce':
      return w.tell(author, { type: 'announce', text: 'hear' });
    case 'commit':
      return w.waiting > 0 ? w.commit() : undefined;
    case 'commit all':
      while (w.waiting > 0) w.commit();
      return;
    case 'connect':
      bob.connect(one.device);
      return;
    case 'ready':
      return bob.sayDevice(bob.connect(one.device));
    case 'read':
    case 'received':
    case 'device':
    case 'close': {
      const found = bob.clients[one.session % Math.max(1, bob.clients.length)];
      if (found === undefined) return;
      const { session, sealed, announced } = found;
      if (one.do === 'read') return bob.read(found);
      if (one.do === 'device') return bob.sayDevice(found);
      // What it has read; more may have been sent.
      if (one.do === 'received') return w.tell(session, { type: 'received', n: Math.max(sealed, announced) });
      bob.clients = bob.clients.filter((other) => other !== found);
      w.close(session);
    }
  }
}

test('however the disk, the log-ins and the receipts fall together, each device shows its mail once and in order', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100, size: 'max' }), (steps) => {
      const w = new World({ operatorUid: 1001 });
      for (const name of DEVICES) w.close(w.device('bob', 1002, name));
      const author = w.login('alice', 1001, { visible: false });
      const bob = new Recipient(w);
      const sent: Sent = { bob1: [], bob2: [] };
      w.disk = 'hold';
      const last = DEVICES.map((name) => ({ do: 'ready', device: name }) as const);
      for (const one of [...steps, ...last, { do: 'commit all' }] satisfies Step[]) perform(w, author, bob, sent, one);
      for (const client of bob.clients) bob.read(client);
      expect(bob.shown).toEqual(sent);
      const announcements = w.notices.filter(({ kind }) => kind === 'audit').length;
      expect(bob.heard.size).toBe(announcements);
      expect(bob.clients.map(({ session }) => session.mail.state)).toEqual(bob.clients.map(() => 'live'));
    }),
    { numRuns: 500 },
  );
});
