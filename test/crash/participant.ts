/** Somebody in a crash test, whichever kind of client they have. */
import type { Observation, Screen } from './trace.ts';

type Distributive<T> = T extends unknown ? Omit<T, 'who' | 'as' | 'session'> : never;
type Noted = Distributive<Observation>;

/** What the test wants to hear of its participants. */
export interface Traced {
  note(what: Noted, by: Pick<Observation, 'who' | 'as' | 'session'>): void;
  /** A message is written to the connection just now. */
  saying(): void;
  /** An acknowledgement has just come. */
  acked(): void;
  online(who: string): void;
}

export interface Participant {
  readonly name: string;
  readonly isIn: boolean;
  readonly isSettled: boolean;
  /** What was asked for and has no answer. */
  readonly unanswered: number;
  say(room: string, text: string): void;
  comeBack(): void;
  screens(): Screen[];
  close(): void;
}
