/** The two files of the host that say who its users are, parsed. */
import { skeleton } from '../../base/text/confusables.ts';

export interface Passwd {
  /** Where several logins share a user id, the first, as getpwuid(3) gives. */
  readonly nameByUid: ReadonlyMap<number, string>;
  /** What the logins look like, so that no other name is taken for one. */
  readonly skeletons: ReadonlySet<string>;
  /** There is a `+` line, which the source `compat` takes for: ask NIS. */
  readonly asksNis: boolean;
}

/** One line of passwd(5): `name:password:uid:gid:gecos:directory:shell`; undefined for what is none. */
export function parseEntry(line: string): { readonly name: string; readonly uid: number } | undefined {
  const [name = '', , uid = '', gid = '', ...rest] = line.split(':');
  // As glibc reads them: a comment, and NIS's own lines, are nobody.
  if (!/^[^#+\-\s][^\s]*$/.test(name) || !/^\d{1,10}$/.test(uid) || !/^\d{1,10}$/.test(gid) || rest.length < 3)
    return undefined;
  return { name, uid: Number(uid) };
}

export function parsePasswd(text: string): Passwd {
  const nameByUid = new Map<number, string>();
  const skeletons = new Set<string>();
  const lines = text.split('\n');
  for (const line of lines) {
    const entry = parseEntry(line);
    if (entry === undefined) continue;
    skeletons.add(skeleton(entry.name));
    if (!nameByUid.has(entry.uid)) nameByUid.set(entry.uid, entry.name);
  }
  return { nameByUid, skeletons, asksNis: lines.some((line) => line.startsWith('+')) };
}

/** Sources that are in /etc/passwd already, or only name users that systemd made up for its services. */
const LOCAL = new Set(['files', 'compat', 'systemd']);

/** Where users come from besides the file, by nsswitch.conf(5): `passwd: files [SUCCESS=return] sss`. */
export interface Sources {
  /** From a directory: sss, ldap, winbind … */
  readonly directory: boolean;
  /** From NIS, where passwd has a `+` line. */
  readonly compat: boolean;
}

export function parseSources(nsswitch: string): Sources {
  const line = nsswitch.split('\n').find((candidate) => /^\s*passwd\s*:/.test(candidate)) ?? '';
  const sources = line
    .replace(/#.*/, '')
    .replace(/^\s*passwd\s*:/, '')
    .replace(/\[[^\]]*\]/g, ' ')
    .split(/\s+/)
    .filter((source) => source !== '');
  return { directory: sources.some((source) => !LOCAL.has(source)), compat: sources.includes('compat') };
}
