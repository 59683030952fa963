/** A server of one's own on this host. */
import { bytesText, type Finding, findings } from './finding.ts';

export interface OwnServerFacts {
  /** Whether there is a folder of its data. */
  readonly isThere: boolean;
  /** The process that has it. */
  readonly holder:
    | {
        readonly pid: number;
        /** Where it listens: `127.0.0.1:2428`. */
        readonly listens: readonly string[];
        /** Milliseconds since it was started. */
        readonly upFor: number | undefined;
        /** Bytes in memory. */
        readonly memory: number | undefined;
        /** Open files, and how many it may have. */
        readonly files: { readonly open: number; readonly most: number } | undefined;
      }
    | undefined;
  /** What the last one to run on the folder has said of itself; it takes that back when it ends in good order. */
  readonly said: 'up' | 'draining' | undefined;
  /** What its log says of errors since its last start. */
  readonly errors: { readonly count: number; readonly last: string; readonly log: string } | undefined;
  /** Bytes. */
  readonly logSize: number;
}

/** Of the files that a server may have open: what is left is for those who come at once. */
const MANY_FILES = 0.8;
/** Bytes of a log from which on somebody should look why. */
const LARGE_LOG = 1_000_000_000;

const { ok, note, problem } = findings('own-server');

const KILLED = note(
  'your own server does not run, and did not end in good order: it was killed, told to end at once, or the host went down',
  'start it again; nothing that was on the screens is lost: uchat --serve --detach',
);

function duration(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return 'a moment';
  if (minutes < 60) return `${minutes} min`;
  return minutes < 2880 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 1440)} days`;
}

/** @param where the address that this client connects to. @param answers whether somebody is there. */
export function judgeOwnServer(
  { isThere, holder, said, errors, logSize }: OwnServerFacts,
  where: string,
  loopback: boolean,
  answers: boolean,
): readonly Finding[] {
  if (!isThere) return [];
  const found: Finding[] = [];
  if (errors !== undefined)
    found.push(
      problem(
        `your server has logged ${errors.count === 1 ? 'an error' : `${errors.count} errors`} since its start, the last one: ${errors.last}`,
        `see ${errors.log}; when it says that it must be restarted, end it and start it again`,
      ),
    );
  if (logSize > LARGE_LOG)
    found.push(note(`its log has ${bytesText(logSize)}`, 'it is put aside when uchat starts a server anew'));
  const others = loopback && answers ? `: what answers on ${where} is another one` : '';
  if (holder === undefined)
    return [said === undefined ? ok(`your own server does not run${others}`) : KILLED, ...found];
  const { pid, listens, upFor, memory, files } = holder;
  const about = [
    `process ${pid}`,
    ...(listens.length > 0 ? [`on ${listens.join(', ')}`] : []),
    ...(upFor === undefined ? [] : [`for ${duration(upFor)}`]),
    ...(memory === undefined ? [] : [bytesText(memory)]),
  ].join(', ');
  if (files !== undefined && files.open > files.most * MANY_FILES)
    found.push(
      problem(
        `your server has ${files.open} of ${files.most} files open: soon nobody gets in`,
        'start it with more: ulimit -n 65536',
      ),
    );
  if (loopback && listens.length > 0 && !listens.some((address) => sameTo(where, address)))
    found.push(note(`your server listens on ${listens.join(', ')}, and uchat goes to ${where}`, `uchat ${listens[0]}`));
  if (said === 'draining')
    return [
      note(`your own server is stopping: ${about}`, 'it ends within seconds; whoever was connected comes back'),
      ...found,
    ];
  return [ok(`your own server runs: ${about}`), ...found];
}

const portOf = (address: string): string => /:(\d+)$/.exec(address)?.[1] ?? '';
/** On the same host the port tells. */
const sameTo = (a: string, b: string): boolean => portOf(a) === portOf(b);
