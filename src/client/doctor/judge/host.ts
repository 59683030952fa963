/** What of this host a log-in by its kernel takes. */
import { type Finding, findings } from './finding.ts';

export interface HostFacts {
  readonly linux: boolean;
  /** Whether the kernel's table of connections can be read; a server of this host reads it, too. */
  readonly table: boolean;
  /** Whether that table shows a connection of ours as ours; undefined: it wasn't tried. */
  readonly own: boolean | undefined;
  /** How /proc is mounted: the value of `hidepid`, where it has one. */
  readonly hidepid: string | undefined;
  /** The login of this user id; undefined: it has none. */
  readonly login: string | undefined;
  readonly uid: number;
}

const { ok, note, problem } = findings('host');

export function judgeHost({ linux, table, own, hidepid, login, uid }: HostFacts): readonly Finding[] {
  if (!linux)
    return [
      note('only under Linux the kernel says who somebody is', 'come as a guest (--guest), or to an account (--user)'),
    ];
  const hidden = hidepid === undefined || hidepid === '0' || hidepid === 'off' ? '' : ` (/proc has hidepid=${hidepid})`;
  if (!table)
    return [
      problem(
        `/proc/net/tcp can't be read${hidden}, so a server here can't be told by the kernel who you are`,
        'let those who run servers read it, or log in to an account: --user',
      ),
    ];
  if (own === false)
    return [
      problem(
        `/proc/net/tcp does not show your connections as yours${hidden}: a server here will not know you`,
        'in a container, run client and server in the same one; or log in to an account: --user',
      ),
    ];
  if (login === undefined)
    return [
      problem(
        `user id ${uid} has no login name on this host, so a server here has no name for you`,
        'ask the administrator for an entry in the list of users, or come with --user',
      ),
    ];
  return [ok(`the kernel says that you are ${login}${hidden}`)];
}
