/** Which process holds a lock on a file, as the kernel tells it: proc(5), /proc/locks. Linux only. */
import { readdirSync, readFileSync, readlinkSync, realpathSync, statSync } from 'node:fs';

/** `1: POSIX  ADVISORY  WRITE 1234 fd:01:131090 0 EOF` */
const LINE = /^\d+: POSIX +ADVISORY +(?:READ|WRITE) +(\d+) ([0-9a-f]+):([0-9a-f]+):(\d+) /;

/** makedev(3): how the two numbers of a device are one in what stat gives. */
const majorOf = (device: number): number => ((device >>> 8) & 0xfff) | (Math.floor(device / 2 ** 32) & ~0xfff);
const minorOf = (device: number): number => (device & 0xff) | (Math.floor(device / 2 ** 12) & 0xfff00);

/** The processes that hold any lock on a file with this number on this device, or on one of that number elsewhere. */
export function holdersIn(
  table: string,
  { device, inode }: { readonly device: number; readonly inode: number },
): { readonly sure: readonly number[]; readonly perhaps: readonly number[] } {
  const sure = new Set<number>();
  const perhaps = new Set<number>();
  for (const line of table.split('\n')) {
    const [, pid, major = '', minor = '', number] = LINE.exec(line) ?? [];
    // 0: a process of another container.
    if (pid === undefined || pid === '0' || Number(number) !== inode) continue;
    const same = Number.parseInt(major, 16) === majorOf(device) && Number.parseInt(minor, 16) === minorOf(device);
    (same ? sure : perhaps).add(Number(pid));
  }
  return { sure: [...sure], perhaps: [...perhaps] };
}

function leadsTo(link: string, path: string): boolean {
  try {
    return readlinkSync(link) === path;
  } catch {
    // Closed just now.
    return false;
  }
}

function hasOpen(pid: number, path: string): boolean {
  try {
    const folder = `/proc/${pid}/fd`;
    return readdirSync(folder).some((name) => leadsTo(`${folder}/${name}`, path));
  } catch {
    // Somebody else's, or gone by now.
    return false;
  }
}

/** The file isn't opened: closing any descriptor of a file drops every lock that this process has on it. */
export function holderOf(path: string): number | undefined {
  try {
    const { dev, ino } = statSync(path);
    const real = realpathSync(path);
    const { sure, perhaps } = holdersIn(readFileSync('/proc/locks', 'latin1'), { device: dev, inode: ino });
    // Some file systems give stat another device than the kernel knows them by.
    return sure[0] ?? perhaps.find((pid) => hasOpen(pid, real));
  } catch {
    return undefined;
  }
}

/** What it was started as, in a few words: `uchat`, `uchat --serve`. */
export function commandOf(pid: number): string {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    const at = words.findIndex((word) => /(^|\/)(cli\.ts|uchat)$/.test(word));
    const own = words.slice(at + 1).filter((word) => word !== '');
    // Arguments may hold what is nobody's business; the first word, or --serve, says what it does.
    const what = own.includes('--serve')
      ? ' --serve'
      : /^[a-z-]+$/.test(own[0] ?? '') && !own[0]?.startsWith('-')
        ? ` ${own[0]}`
        : '';
    return at < 0 ? 'another program' : `uchat${what}`;
  } catch {
    return 'somebody else';
  }
}
