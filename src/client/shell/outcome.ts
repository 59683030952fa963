/** How a run of the program ends: the exit status of the design, and the one line for standard error. */
const DONE = 0;
const REFUSED = 1;
const WRONG_USAGE = 2;
export const NO_CONNECTION = 3;

export interface Outcome {
  readonly status: typeof DONE | typeof REFUSED | typeof WRONG_USAGE | typeof NO_CONNECTION;
  /** What happened and what to do, on one line. */
  readonly line?: string;
}

export interface Failure extends Outcome {
  readonly status: typeof REFUSED | typeof WRONG_USAGE | typeof NO_CONNECTION;
  readonly line: string;
}

export const done: Outcome = { status: DONE };
export const refused = (line: string): Failure => ({ status: REFUSED, line });
export const wrongUsage = (line: string): Failure => ({ status: WRONG_USAGE, line });
export const noConnection = (line: string): Failure => ({ status: NO_CONNECTION, line });
