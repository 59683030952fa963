import { Writable } from 'node:stream';

/** A terminal's output that goes nowhere. */
export class Sink extends Writable {
  readonly isTTY = true;
  readonly columns: number;
  readonly rows: number;

  constructor(columns: number, rows: number) {
    super({ write: (_chunk, _encoding, done) => done() });
    this.columns = columns;
    this.rows = rows;
  }
}
