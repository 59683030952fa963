/** The local network, where one chats without a server: whether there is one, and which of one's programs is on it. */
import { type Finding, findings, listed } from './finding.ts';

export interface LanFacts {
  /** As whom: checked with the settings. */
  readonly name: string;
  /** UDP, of announcements. */
  readonly port: number;
  /** `eth0 10.0.0.7`, without the host itself. */
  readonly addresses: readonly string[];
  /** `10.0.7.1:2428` */
  readonly peers: readonly string[];
  /** The system's code where nobody could listen on the port; undefined: one could. */
  readonly taken: string | undefined;
  /** The program of ours that is on the network for all; `pid` undefined where the kernel doesn't say. */
  readonly holder: { readonly pid: number; readonly command: string } | undefined;
  /** What it says, where it answers. */
  readonly says:
    | {
        readonly user: string;
        readonly people: number;
        readonly links: number;
        readonly problems: readonly string[];
      }
    /** One line that says why not. */
    | string
    | undefined;
}

const { ok, note, problem } = findings('lan');

function judgeHolder({ holder, says }: LanFacts): readonly Finding[] {
  const who = holder === undefined ? 'a program of yours' : `process ${holder.pid} (${holder.command})`;
  if (says === undefined)
    return [
      holder === undefined
        ? ok('no program of yours is on the local network now: the next uchat --lan is')
        : problem(
            `${who} has the local network, and does not answer`,
            `see what it does: if it is stopped, fg or kill -CONT ${holder.pid}; else end it`,
          ),
    ];
  if (typeof says === 'string') return [problem(`${who} has the local network, and refuses: ${says}`, 'end it')];
  const { people, links, problems } = says;
  const heard = people === 1 ? '1 person' : `${people} people`;
  return [
    ok(`${who} is on the local network for all of yours: ${heard} heard, ${links} linked`),
    ...problems.map((line) => note(line)),
  ];
}

export function judgeLan(facts: LanFacts): readonly Finding[] {
  const { name, port, addresses, peers, taken, holder, says } = facts;
  const beyond = peers.length === 0 ? '' : `; told besides: ${listed(peers)}`;
  const where =
    addresses.length === 0
      ? note(
          `this host is on no network, so only its own users are found${beyond}`,
          'connect it, or see with: ip address',
        )
      : ok(
          `you ${typeof says === 'object' ? `are ${says.user}` : `would be ${name}`}, announced on ${listed(addresses)}, UDP port ${port}${beyond}`,
        );
  // While a program of ours listens there that says nothing about others.
  const isFree =
    taken === undefined || holder !== undefined
      ? []
      : [
          problem(
            `nobody can listen on UDP port ${port} (${taken})`,
            `see who has it: ss -lunp 'sport = :${port}'; or choose another with --lan-port, the same for all`,
          ),
        ];
  return [where, ...isFree, ...judgeHolder(facts)];
}
