/** What Linux tells of a process. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** Milliseconds on a processor so far, of all its threads. */
export function cpuOf(pid: number): number {
  const folder = `/proc/${pid}/task`;
  let sum = 0;
  for (const thread of readdirSync(folder)) {
    const [nanoseconds = '0'] = readFileSync(`${folder}/${thread}/schedstat`, 'utf8').split(' ');
    sum += Number(nanoseconds) / 1e6;
  }
  return sum;
}

/** Bytes that nobody shares with it (Pss_Anon): not the pages of the executable, nor what the kernel holds for it. */
export function ownMemory(pid: number | 'self'): number {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return Number(/^Pss_Anon:\s+(\d+) kB/m.exec(text)?.[1] ?? Number.NaN) * 1024;
}

/** Bytes of the kernel's own that it can't take back, of the whole machine: sockets are among them. */
export function kernelMemory(): number {
  return Number(/^SUnreclaim:\s+(\d+) kB/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1] ?? Number.NaN) * 1024;
}

/** Files, and so connections, that a process may have open at most. */
export function mostFiles(): number {
  return Number(/^Max open files\s+\S+\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? 1024);
}

/** Whether programs can be put on a core each. */
export const canPin: boolean = availableParallelism() > 1 && spawnSync('taskset', ['-c', '0', 'true']).status === 0;

/** A command on that core alone, where that is possible. */
export const pinned = (core: number, command: readonly string[]): readonly [string, ...string[]] => {
  const [file = '', ...args] = command;
  return canPin ? ['taskset', '-c', String(core), file, ...args] : [file, ...args];
};
