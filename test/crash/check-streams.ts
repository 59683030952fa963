/** What one connection, and one screen, gets of a room is a sequence without gaps. */
import type { Report } from './report.ts';
import type { Observation } from './trace.ts';

interface Stream {
  last: number;
  rev: number;
}

export function checkStreams(trace: readonly Observation[], report: Report): void {
  const streams = new Map<string, Stream>();
  const screens = new Map<string, number>();
  for (const one of trace) {
    const where = `${one.who}, connection ${one.session}`;
    if (one.kind === 'began') streams.set(`${where}, ${one.room}`, { last: one.last, rev: one.rev });
    else if (one.kind === 'heard') next(`${where}, ${one.room}`, one.entry.seq, false);
    // That of a message sent twice stands anywhere.
    else if (one.kind === 'acked') next(`${where}, ${one.room}`, one.seq, true);
    else if (one.kind === 'changed') change(`${where}, ${one.change.room}`, one.change.rev, one.id !== undefined);
    else if (one.kind === 'shown') show(one.who, one.room, one.entry.seq, one.anew);
  }

  function next(where: string, seq: number, mayBeKnown: boolean): void {
    const stream = streams.get(where);
    if (stream === undefined) return report('gap', `${where}: ${seq} came before it was said where it begins`);
    if (seq === stream.last + 1) stream.last = seq;
    else if (seq > stream.last) report('gap', `${where}: ${seq} came after ${stream.last}`);
    else if (!mayBeKnown) report('reordered', `${where}: ${seq} came after ${stream.last}`);
  }

  function change(where: string, rev: number, isAnswer: boolean): void {
    const stream = streams.get(where);
    if (stream === undefined) return report('gap', `${where}: change ${rev} came before it was said where it begins`);
    if (rev === stream.rev + 1) stream.rev = rev;
    else if (rev > stream.rev) report('gap', `${where}: change ${rev} came after ${stream.rev}`);
    else if (!isAnswer) report('reordered', `${where}: change ${rev} came after ${stream.rev}`);
  }

  function show(who: string, room: string, seq: number, anew: boolean): void {
    const key = `${who} ${room}`;
    const last = screens.get(key);
    if (last !== undefined && !anew && seq !== last + 1)
      report(seq === last ? 'doubled' : seq < last ? 'reordered' : 'gap', `${who} shows ${room} ${seq} below ${last}`);
    screens.set(key, seq);
  }
}
