/** What the lobby of the local network tells, as a client shows it. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MessageEntry } from '../../../src/client/core/message-log.ts';
import type { ClientMessage } from '../../../src/protocol/client-messages.ts';
import { Drive, deviceId, info, OUR_KEY, room } from '../../client/core/drive.ts';
import { all, exchange, type Person, person } from './world.ts';

const LOBBY = room('#lobby');
const NAMES = ['alice', 'bob', 'carol'] as const;

/** Alice's screen, on the lobby that she holds. */
class Screen {
  readonly drive = new Drive();
  readonly #lobby: Person;
  #told = 0;

  constructor(lobby: Person) {
    this.#lobby = lobby;
    this.#answer(this.connect());
  }

  connect(): ClientMessage[] {
    this.#told = this.#lobby.news.length;
    const { last, rev } = this.#lobby.lobby;
    this.drive.event({ type: 'start' });
    this.drive.event({ type: 'linkUp' });
    const more = { lan: { device: deviceId(OUR_KEY) }, sparse: [LOBBY] };
    return this.drive.welcome([{ ...info('#lobby', last), rev }], 'alice', false, more);
  }

  /** What has happened since. */
  hear(): void {
    const news = this.#lobby.news.slice(this.#told);
    this.#told = this.#lobby.news.length;
    for (const one of news) this.#answer(this.drive.get(one.kind === 'message' ? one.message : one.changed));
  }

  again(): void {
    this.drive.event({ type: 'linkDown', text: 'the program has ended' });
    this.drive.pass(60_000);
    this.drive.tick();
    this.#answer(this.connect());
  }

  #answer(asked: readonly ClientMessage[]): void {
    for (const message of asked) {
      if (message.type !== 'history') continue;
      const page = this.#lobby.lobby.page(message);
      if ('code' in page) throw new Error(page.text);
      this.#answer(
        this.drive.get({ type: 'history', ...(message.id === undefined ? {} : { id: message.id }), ...page }),
      );
    }
  }

  /** What is shown, and what is to be. */
  get both(): readonly [object[], object[]] {
    const held = all(this.#lobby.lobby);
    const there = new Set(held.filter(isThere).map((message) => message.seq));
    const answers = new Set(held.flatMap(({ id, re }) => (re !== undefined && there.has(re) ? [id] : [])));
    const shape = ({ seq, from, id, time, text, re, edited, reactions }: Partial<MessageEntry>): object => {
      return { seq, from, id, time, text, re: answers.has(id) ? re : undefined, edited, reactions };
    };
    return [this.drive.messages().filter(isThere).map(shape), held.filter(isThere).map(shape)];
  }
}

/** Of what is deleted nothing is told but that: who has said it may not be known, where it stands, or that it was there. */
const isThere = ({ deleted }: Pick<MessageEntry, 'deleted'>): boolean => deleted !== true;

const who = fc.nat(NAMES.length - 1);
const act = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constantFrom('say', 'answer', 'edit', 'delete', 'react'), who, which: fc.nat(40) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('hear'), who, which: who }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('wait', 'again', 'screen'), who, which: fc.nat(3) }) },
);

test('a client that is told all of it, and comes and goes, shows what the lobby holds', () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 50 }), fc.constantFrom(1, 2, 4, undefined), (acts, ties) => {
      const people = NAMES.map((name) => person(name, ties === undefined ? {} : { ties }));
      const [alice] = people;
      if (alice === undefined) throw new Error('nobody is there');
      const screen = new Screen(alice);
      for (const { kind, who: whose, which } of acts) {
        const one = people[whose] ?? alice;
        const held = all(one.lobby);
        const of = held[which % Math.max(1, held.length)];
        if (kind === 'say') one.say('words');
        else if (kind === 'answer') one.say('an answer', of?.seq);
        else if (kind === 'hear') exchange(one, people[which] ?? alice);
        else if (kind === 'wait') for (const each of people) each.now += which;
        else if (kind === 'again') screen.again();
        else if (kind === 'screen') screen.hear();
        else if (of !== undefined) {
          const change = { seq: of.seq, text: 'other words', emoji: '👍', on: true };
          const done =
            kind === 'edit'
              ? one.lobby.edit(change)
              : kind === 'delete'
                ? one.lobby.delete(change)
                : one.lobby.react(change);
          if (done.ok) one.note(done.value);
        }
      }
      for (const one of people) exchange(one, alice);
      screen.hear();
      const [shown, expected] = screen.both;
      expect(shown).toEqual(expected);
    }),
    { numRuns: 150 },
  );
});
