/** Folders and files of ours: whose they are, and who else may read or change them. */
import { bytesText, type Finding, findings, listed, shellWord } from './finding.ts';

/** The nine bits of a mode. */
const READ_OR_ENTER = 0o055;
const WRITE = 0o022;
const ANYBODY_WRITES = 0o002;
const OTHERS = 0o077;
const STICKY = 0o1000;

/** Bytes of free space below which what is sent may soon not be kept, and below which it is soon to be thought of. */
const LITTLE_SPACE = 20_000_000;
const SOME_SPACE = 200_000_000;
/** Paths that one line names. */
const MAX_NAMED = 2;

export interface Entry {
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'link' | 'other';
  /** Permissions, with the sticky bit; of a link, those of what it leads to. */
  readonly mode: number;
  readonly uid: number;
  /** Bytes. */
  readonly size: number;
  /** Whoever reads it can be us, or read what is private. */
  readonly secret: boolean;
  /** Of a link: it leads nowhere. */
  readonly dangling?: true;
}

export interface FolderFacts {
  readonly what: 'data' | 'settings' | "your server's data";
  readonly path: string;
  /** The folder, first, and what is in it; empty where there is none yet. */
  readonly entries: readonly Entry[];
  /** Folders above it, up to the root. */
  readonly above: readonly Entry[];
  /** What keeps it from being looked at, or written to. */
  readonly fault?: string;
  /** Of its disk: free bytes, and whether there is a place left for a file. */
  readonly space: { readonly free: number; readonly files: boolean } | undefined;
}

const { ok, note, problem } = findings('files');

function named(entries: readonly Entry[]): string {
  const paths = entries.map(({ path }) => path);
  const more = paths.length - MAX_NAMED;
  return more > 0 ? `${paths.slice(0, MAX_NAMED).join(', ')} and ${more} more` : listed(paths);
}

/** What is wrong in the same way is one line. */
function about(entries: readonly Entry[], says: (names: string, first: Entry) => Finding): readonly Finding[] {
  const [first] = entries;
  return first === undefined ? [] : [says(named(entries), first)];
}

const chmod = (entries: readonly Entry[]): string => {
  const [first, ...rest] = entries;
  if (first === undefined) return '';
  const [file, folder] = ['chmod 600', 'chmod 700'];
  return rest.length === 0
    ? `${first.kind === 'folder' ? folder : file} ${shellWord(first.path)}`
    : `chmod go-rwx ${entries
        .slice(0, MAX_NAMED)
        .map(({ path }) => shellWord(path))
        .join(' ')}${rest.length >= MAX_NAMED ? ' …' : ''}`;
};

function judgeOwners(entries: readonly Entry[], uid: number, { path: folder, what }: FolderFacts): readonly Finding[] {
  // Settings may be the administrator's.
  const foreign = entries.filter((entry) => entry.uid !== uid && !(what === 'settings' && entry.uid === 0));
  return about(foreign, (names, first) =>
    problem(
      `not yours, but of user id ${first.uid}: ${names}; uchat can't change it`,
      `was uchat run with sudo once? sudo chown -R ${uid} ${shellWord(folder)}`,
    ),
  );
}

function judgeModes(entries: readonly Entry[], what: FolderFacts['what']): readonly Finding[] {
  const writable = entries.filter(
    ({ mode, kind }) => (mode & WRITE) !== 0 && !(kind === 'folder' && (mode & STICKY) !== 0),
  );
  const rest = entries.filter((entry) => !writable.includes(entry));
  const exposed = rest.filter(({ secret, mode, kind }) => secret && kind !== 'folder' && (mode & OTHERS) !== 0);
  // Settings hold no secret: a password is in a file of its own.
  const readable =
    what === 'settings' ? [] : rest.filter((one) => !exposed.includes(one) && (one.mode & READ_OR_ENTER) !== 0);
  return [
    ...about(writable, (names) => problem(`others can change ${names}`, chmod(writable))),
    ...about(exposed, (names) => problem(`others can read ${names}, which is secret`, chmod(exposed))),
    ...about(readable, (names) => note(`others can look into ${names}`, chmod(readable))),
  ];
}

/** Whoever can rename a folder can put another in its place. */
function judgeAbove(above: readonly Entry[], uid: number): readonly Finding[] {
  const open = above.filter(({ mode }) => (mode & ANYBODY_WRITES) !== 0 && (mode & STICKY) === 0);
  const foreign = above.filter((one) => one.uid !== uid && one.uid !== 0);
  return [
    ...about(open, (names, { path }) =>
      problem(`anybody can put another folder in the place of what is in ${names}`, `chmod o-w ${shellWord(path)}`),
    ),
    ...about(foreign, (names, first) =>
      note(
        `${names} belongs to user id ${first.uid}, who can put another folder in its place`,
        'choose another place with --data',
      ),
    ),
  ];
}

function judgeLinks(entries: readonly Entry[], what: FolderFacts['what']): readonly Finding[] {
  const links = entries.filter(({ kind }) => kind === 'link');
  const dangling = links.filter((link) => link.dangling === true);
  // A folder of settings is often made of links, and uchat writes nothing there.
  const replaced = what === 'settings' ? [] : links.filter((link) => link.dangling !== true && link !== entries[0]);
  return [
    ...about(dangling, (names) =>
      problem(`a link that leads nowhere: ${names}`, 'remove it, or put back what it leads to'),
    ),
    ...about(replaced, (names) =>
      note(
        `a link, in whose place uchat puts a file when it writes: ${names}`,
        'make the whole folder a link, or use --data',
      ),
    ),
  ];
}

function judgeSpace({ space, path }: FolderFacts): readonly Finding[] {
  if (space === undefined) return [];
  const left = bytesText(space.free);
  if (!space.files)
    return [problem(`the disk of ${path} has no place for another file`, 'remove some: df -i tells where')];
  if (space.free < LITTLE_SPACE) return [problem(`the disk of ${path} is full: ${left} are left`, 'make room: df -h')];
  return space.free < SOME_SPACE ? [note(`the disk of ${path} is nearly full: ${left} are left`)] : [];
}

/** @param uid whose files they are to be. */
export function judgeFolder(facts: FolderFacts, uid: number): readonly Finding[] {
  const { what, path, entries, above, fault } = facts;
  if (fault !== undefined)
    return [problem(`${what}: ${path} can't be used: ${fault}`, 'mend that, or choose another with --data')];
  const [top] = entries;
  if (top === undefined) {
    if (what !== 'data') return [];
    return [...judgeAbove(above, uid), ...judgeSpace(facts), ok(`${what}: ${path} is made at the first start`)];
  }
  const real = entries.filter(({ dangling }) => dangling !== true);
  const found = [
    ...judgeOwners(real, uid, facts),
    ...judgeModes(real, what),
    ...judgeLinks(entries, what),
    ...judgeAbove(above, uid),
    ...judgeSpace(facts),
  ];
  // What is wrong with it was said; how large it is need not be.
  if (found.length > 0) return found;
  const size = real.reduce((sum, one) => sum + (one.kind === 'folder' ? 0 : one.size), 0);
  const files = real.filter(({ kind }) => kind !== 'folder').length;
  const free = facts.space === undefined ? '' : `, ${bytesText(facts.space.free)} free`;
  return [ok(`${what}: ${path}, yours alone: ${files} ${files === 1 ? 'file' : 'files'}, ${bytesText(size)}${free}`)];
}
