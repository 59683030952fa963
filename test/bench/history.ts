/**
 * What private chats cost on the disk: `node test/bench/history.ts [--size RECORDS]`; the disk is that of $TMPDIR. Each value
 * is the median of its runs. With `--once FOLDER` only one vault is opened, in a program of its own, as a client does.
 */
import { execFileSync } from 'node:child_process';
import { closeSync, fdatasyncSync, mkdtempSync, openSync, readdirSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ClientId, DeviceId, GroupId, UnixMs, UserName } from '../../src/base/ids.ts';
import type { Vault } from '../../src/peer/vault.ts';
import { alone, type Benchmark, type How, median, timed } from './harness/benchmark.ts';
import type { Figure } from './harness/figure.ts';

const SERVER = { host: 'box.example', port: 2428 };
const PAGE = 50;
const BOB = 'bob' as UserName;
const RECORDS = 100_000;
const ONCE = '--once';

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

const each = (runs: number, work: (run: number) => void): readonly number[] =>
  Array.from({ length: runs }, (_, run) => timed(() => work(run)));

const ms = (name: string, value: number): Figure => ({ name, value, unit: 'ms' });

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
  return JSON.parse(execFileSync(process.execPath, [self, ONCE, folder], { encoding: 'utf8' })) as [number, number];
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

async function* measure(folder: string, records: number): AsyncGenerator<Figure> {
  yield ms('a write of 250 bytes and fdatasync, alone', bareSync(folder));
  const [, first] = onceElsewhere(folder);
  yield ms('open a vault, the first time (makes keys and files)', first);
  const opens = Array.from({ length: 7 }, () => onceElsewhere(folder));
  yield ms('load the code of the vault, once a program', median(opens.map(([loading]) => loading)));
  yield ms('open a vault', median(opens.map(([, opening]) => opening)));
  yield* written(folder, records);
  yield* read(folder, records);
}

async function* written(folder: string, records: number): AsyncGenerator<Figure> {
  const vault = await open(folder);
  vault.log.append(BOB, messageAt(0));
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const path = join(folder, files.find((name) => name.endsWith('.log')) ?? '');
  const start = performance.now();
  for (let n = 1; n < records; n++) vault.log.append(BOB, messageAt(n));
  const seconds = (performance.now() - start) / 1000;
  yield { name: 'append to the log, each on the disk', value: (records - 1) / seconds, unit: '/s' };
  yield { name: `a log of ${records} records`, value: statSync(path).size / 2 ** 20, unit: 'MiB' };

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
  yield ms('commit a session of 3,000 bytes', median(commits));
  vault.close();
}

async function* read(folder: string, records: number): AsyncGenerator<Figure> {
  const firsts: number[] = [];
  for (let n = 0; n < 5; n++) {
    const again = await open(folder);
    firsts.push(...each(1, () => again.log.page(BOB, undefined, PAGE)));
    again.close();
  }
  yield ms(`the newest ${PAGE}, the file just opened`, median(firsts));
  const reader = await open(folder);
  yield ms(`the newest ${PAGE}`, median(each(50, () => reader.log.page(BOB, undefined, PAGE))));
  yield ms(
    'the first append of a program (reads what is known)',
    timed(() => reader.log.append(BOB, messageAt(records))),
  );
  yield ms(
    `the first ${PAGE} of all, never looked at before`,
    timed(() => reader.log.page(BOB, PAGE, PAGE)),
  );
  const middle = each(50, (n) => reader.log.page(BOB, ((n * 7919) % (records - PAGE)) + PAGE, PAGE));
  yield ms(`${PAGE} from anywhere, afterwards`, median(middle));
  const all = timed(() => {
    for (let before: number | undefined, more = true; more; ) {
      const page = reader.log.page(BOB, before, 200);
      [before, more] = [page.records[0]?.at, page.more];
    }
  });
  yield ms('all of it, in pages of 200', all);
  yield ms(
    'forget all of it',
    timed(() => reader.log.forget(BOB)),
  );
  reader.close();
}

async function* run(how: How): AsyncGenerator<Figure> {
  const folder = mkdtempSync(join(tmpdir(), 'uchat-bench-'));
  try {
    yield* measure(folder, how.size(RECORDS, 500));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export const benchmark: Benchmark = {
  name: 'history',
  measures: 'the vault and the encrypted log of private chats on this disk',
  run,
};

if (import.meta.main) {
  const [, , word, folder] = process.argv;
  if (word === ONCE && folder !== undefined) await once(folder);
  else await alone(benchmark);
}
