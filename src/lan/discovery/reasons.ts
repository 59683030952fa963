/** The system's error codes (errno(3)), for people: what happened, and what to do. */
const WORDS: Readonly<Record<string, string>> = {
  EACCES: 'not permitted here (EACCES)',
  EPERM: 'not permitted here, by a firewall perhaps (EPERM)',
  ENETUNREACH: 'no route there (ENETUNREACH)',
  EHOSTUNREACH: 'nobody answers there (EHOSTUNREACH)',
  ENETDOWN: 'the network is down (ENETDOWN)',
  EADDRNOTAVAIL: 'this host has no address for it at present (EADDRNOTAVAIL)',
  ENODEV: 'the interface is gone (ENODEV)',
  ENOBUFS: 'the system has no room for it (ENOBUFS)',
};

const code = (name: string): string => WORDS[name] ?? name;

function port(number: number, isShared: boolean, name: string): string {
  const what = isShared ? `nobody is heard on UDP port ${number}` : `nothing comes in on our own UDP port ${number}`;
  if (name !== 'EADDRINUSE') return `${what}: ${code(name)}`;
  const mend = isShared
    ? 'end it, or have everybody use another one with --lan-port'
    : 'end it, or use another one with --direct-port';
  return `${what}: a program that doesn't share it has it; ${mend}`;
}

export const explain = { code, port };
