import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Session } from '../../../src/server/core/session.ts';
import { World } from './world.ts';

type Step =
  | { readonly do: 'mail' | 'again' | 'announce' | 'commit' | 'connect' | 'commit all' }
  | { readonly do: 'received' | 'close'; readonly session: number };

/** Whose client remembers the highest place that it has shown. */
class Recipient {
  readonly world: World;
  readonly shown: string[] = [];
  sessions: { readonly session: Session; upTo: number }[] = [];
  #upTo = 0;

  constructor(world: World) {
    this.world = world;
  }

  read(): void {
    for (const one of this.sessions) {
      for (const frame of this.world.take(one.session)) {
        if (frame.type !== 'mail') continue;
        // Each session's stream goes forward only, and leaves out nothing but what another has received.
        expect(frame.n).toBeGreaterThan(one.upTo);
        one.upTo = frame.n;
        if (frame.n <= this.#upTo) continue;
        this.#upTo = frame.n;
        this.shown.push(frame.body);
      }
    }
  }
}

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constantFrom('mail' as const, 'mail' as const, 'again' as const, 'connect' as const),
    }),
  },
  {
    weight: 9,
    arbitrary: fc.record({ do: fc.constantFrom('commit' as const, 'commit' as const, 'commit all' as const) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('announce' as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom('received' as const, 'close' as const), session: fc.nat(3) }),
  },
);

function perform(w: World, author: Session, bob: Recipient, sent: string[], one: Step): void {
  switch (one.do) {
    case 'mail':
    case 'again': {
      // With the id of the one before it, it is nothing new.
      const id = one.do === 'mail' || sent.length === 0 ? `p${sent.length}` : (sent.at(-1) ?? '');
      if (id !== sent.at(-1)) sent.push(id);
      return w.tell(author, { type: 'mail', id, to: 'bob', body: id });
    }
    case 'announce':
      return w.tell(author, { type: 'announce', text: 'hear' });
    case 'commit':
      return w.waiting > 0 ? w.commit() : undefined;
    case 'commit all':
      while (w.waiting > 0) w.commit();
      return;
    case 'connect':
      bob.sessions.push({ session: w.login('bob', 1002), upTo: 0 });
      return;
    case 'received':
    case 'close': {
      const found = bob.sessions[one.session % Math.max(1, bob.sessions.length)];
      if (found === undefined) return;
      if (one.do === 'received') return w.tell(found.session, { type: 'received', n: found.upTo });
      bob.sessions = bob.sessions.filter((other) => other !== found);
      w.close(found.session);
    }
  }
}

test('however the disk, the log-ins and the receipts fall together, mail is shown once and in order', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80, size: 'max' }), (steps) => {
      const w = new World({ operatorUid: 1001 });
      w.close(w.login('bob', 1002));
      const author = w.login('alice', 1001, { visible: false });
      const bob = new Recipient(w);
      const sent: string[] = [];
      w.disk = 'hold';
      for (const one of [...steps, { do: 'connect' }, { do: 'commit all' }] satisfies Step[]) {
        perform(w, author, bob, sent, one);
        bob.read();
      }
      expect(bob.shown.filter((body) => body !== 'hear')).toEqual(sent);
      expect(bob.sessions.map(({ session }) => session.mail.state)).toEqual(bob.sessions.map(() => 'live'));
    }),
    { numRuns: 500 },
  );
});
