/**
 * What private chats cost on the disk: `node test/bench/history.ts [--records N] [--folder DIR]`. Prints a table; each
 * value is the median of its runs. With `--once` only one vault is opened, in a program of its own, as a client does.
 */
import { execFileSync } from 'node:child_process';
import { closeSync, fdatasyncSync, mkdtempSync, openSync, readdirSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { ClientId, DeviceId, GroupId, UnixMs, UserName } from '../../src/base/ids.ts';
import type { Vault } from '../../src/peer/vault.ts';

const SERVER = { host: 'box.example', port: 2428 };
const PAGE = 50;
const BOB = 'bob' as UserName;

const { values } = parseArgs({
  options: { records: { type: 'string', default: '100000' }, folder: { type: 'string' }, once: { type: 'boolean' } },
});
const RECORDS = Number(values.records);

const messageAt = (n: number) => ({
  id: `${n.toString(16).padStart(12, '0')}-7c1d-4a52-9e0b` as ClientId,
  from: (n % 2 === 0 ? 'alice' : 'bob') as UserName,
  text: 'the build is green again, and the log is here: https://box/log/4012, as every day '.slice(0, 40 + (n % 43)),
  time: (1_790_000_000_000 + n) as UnixMs,
});

async function open(folder: string): Promise<Vault> {
  const { openVault } = await import('../../src/client/vault/open.ts');
  const opened = openVault({ folder, server: SERVER });
  if (!opened.ok) throw new Error(opened.error.text);
  return opened.value;
}

const median = (times: readonly number[]): number => times.toSorted((a, b) => a - b)[times.length >> 1] ?? 0;

function each(runs: number, work: (run: number) => void): readonly number[] {
  return Array.from({ length: runs }, (_, run) => {
    const start = performance.now();
    work(run);
    return performance.now() - start;
  });
}

const row = (what: string, value: number, unit: string): void =>
  console.log(`${what.padEnd(58)} ${value.toFixed(value < 100 ? 2 : 0).padStart(9)} ${unit}`);

/** In a program that has done nothing yet: to load the code, and to open. */
async function once(folder: string): Promise<void> {
  const start = performance.now();
  await import('../../src/client/vault/open.ts');
  const loaded = performance.now();
  const vault = await open(folder);
  const opened = performance.now();
  vault.close();
  console.log(JSON.stringify([loaded - start, opened - loaded]));
}

function onceElsewhere(folder: string): [number, number] {
  const self = fileURLToPath(import.meta.url);
  return JSON.parse(execFileSync(process.execPath, [self, '--once', '--folder', folder], { encoding: 'utf8' })) as [
    number,
    number,
  ];
}

/** What this disk takes for a write that is on it when it returns: the floor for everything below. */
function bareSync(folder: string): number {
  const file = openSync(join(folder, 'bare'), 'w');
  const times = each(200, () => {
    writeSync(file, Buffer.alloc(250));
    fdatasyncSync(file);
  });
  closeSync(file);
  return median(times);
}

async function measure(folder: string): Promise<void> {
  row('a write of 250 bytes and fdatasync, alone', bareSync(folder), 'ms');
  const [, first] = onceElsewhere(folder);
  row('open a vault, the first time (makes keys and files)', first, 'ms');
  const opens = Array.from({ length: 7 }, () => onceElsewhere(folder));
  row('load the code of the vault, once a program', median(opens.map(([loading]) => loading)), 'ms');
  row('open a vault', median(opens.map(([, opening]) => opening)), 'ms');

  const vault = await open(folder);
  vault.log.append(BOB, messageAt(0));
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const path = join(folder, files.find((name) => name.endsWith('.log')) ?? '');
  const start = performance.now();
  for (let n = 1; n < RECORDS; n++) vault.log.append(BOB, messageAt(n));
  const seconds = (performance.now() - start) / 1000;
  row('append to the log, each on the disk', (RECORDS - 1) / seconds, 'a second');
  row(`a log of ${RECORDS} records`, statSync(path).size / 2 ** 20, 'MiB');

  const state = {
    own: BOB,
    user: BOB,
    device: 'A'.repeat(43) as DeviceId,
    state: new Uint8Array(3000),
    welcome: undefined,
    retired: false,
  };
  const group = 'A'.repeat(22) as GroupId;
  const commits = each(200, (n) => vault.commit({ putSession: [{ ...state, group, used: n as UnixMs }] }));
  row('commit a session of 3,000 bytes', median(commits), 'ms');
  vault.close();

  const firsts: number[] = [];
  for (let n = 0; n < 5; n++) {
    const again = await open(folder);
    firsts.push(...each(1, () => again.log.page(BOB, undefined, PAGE)));
    again.close();
  }
  row(`the newest ${PAGE}, the file just opened`, median(firsts), 'ms');
  const reader = await open(folder);
  row(`the newest ${PAGE}`, median(each(50, () => reader.log.page(BOB, undefined, PAGE))), 'ms');
  row(
    'the first append of a program (reads what is known)',
    median(each(1, () => reader.log.append(BOB, messageAt(RECORDS)))),
    'ms',
  );
  row(
    `the first ${PAGE} of all, never looked at before`,
    median(each(1, () => reader.log.page(BOB, PAGE, PAGE))),
    'ms',
  );
  const middle = each(50, (n) => reader.log.page(BOB, ((n * 7919) % (RECORDS - PAGE)) + PAGE, PAGE));
  row(`${PAGE} from anywhere, afterwards`, median(middle), 'ms');
  const all = each(1, () => {
    for (let before: number | undefined, more = true; more; ) {
      const page = reader.log.page(BOB, before, 200);
      [before, more] = [page.records[0]?.at, page.more];
    }
  });
  row('all of it, in pages of 200', median(all), 'ms');
  row('forget all of it', median(each(1, () => reader.log.forget(BOB))), 'ms');
  reader.close();
}

if (values.once === true) await once(values.folder ?? '');
else {
  const folder = mkdtempSync(join(values.folder ?? tmpdir(), 'uchat-bench-'));
  try {
    await measure(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
