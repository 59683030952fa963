import { problemLine } from '../problems.ts';
import { withId } from './common.ts';
import type { Handler } from './handler.ts';

/** As many lines as the message may have, and characters of each: all are of a host's own words. */
const MAX_LINES = 32;
const MAX_PROBLEMS = 8;
const MAX_LINE_CHARS = 80;

const lines = (all: readonly string[]): string[] =>
  all
    .map((line) => problemLine(line).slice(0, MAX_LINE_CHARS))
    .filter((line) => line !== '')
    .slice(0, MAX_LINES);

export const lan: Handler<'lan'> = {
  allowed: 'online',
  handle({ core, session }, { id }) {
    const { mesh, discovery } = core.net;
    const figures = discovery?.figures;
    const problems = [...core.problems.lines, ...(figures?.problems ?? []), ...(mesh?.problems ?? [])];
    core.sessions.send(session, {
      type: 'lan',
      ...withId(id),
      device: core.device,
      port: core.port,
      interfaces: lines(figures?.interfaces ?? []),
      peers: lines(figures?.peers ?? []),
      people: core.people.here().length,
      links: mesh?.links ?? 0,
      heard: figures?.heard ?? 0,
      dropped: [...(figures?.dropped ?? [])].map(([reason, count]) => ({ reason, count })).slice(0, MAX_LINES),
      problems: problems
        .map(problemLine)
        .filter((line) => line !== '')
        .slice(0, MAX_PROBLEMS),
    });
  },
};
