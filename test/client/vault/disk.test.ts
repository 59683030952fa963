import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { VaultError } from '../../../src/client/vault/fault.ts';
import { openVault } from '../../../src/client/vault/open.ts';
import type { Vault } from '../../../src/peer/vault.ts';
import { BOB, group, record, session } from '../../peer/vault-conformance.ts';
import { type Mounted, mayMount, mountMemory } from '../../server/store/mounted.ts';
import { SERVER } from './folder.ts';

describe.runIf(mayMount())('on a disk', () => {
  let disk: Mounted;
  let vault: Vault | undefined;
  beforeEach(() => {
    disk = mountMemory('1m');
  });
  afterEach(() => {
    vault?.close();
    vault = undefined;
    disk.unmount();
  });
  const place = () => ({ folder: join(disk.path, 'data'), server: SERVER });
  function open(): Vault {
    const opened = openVault(place());
    if (!opened.ok) throw new Error(opened.error.text);
    vault = opened.value;
    return vault;
  }
  const fault = () => {
    const opened = openVault(place());
    return opened.ok ? undefined : opened.error;
  };
  function thrown(work: () => void): VaultError {
    try {
      work();
    } catch (error) {
      if (error instanceof VaultError) return error;
      throw error;
    }
    throw new Error('nothing was thrown');
  }
  /** Leaves this many bytes free. */
  function fill(free: number): string {
    const ballast = join(disk.path, 'ballast');
    const { bavail, bsize } = statfsSync(disk.path);
    writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - free)));
    return ballast;
  }

  test('that is full, what is said is refused, leaves nothing, and works again once there is room', () => {
    const { log, commit, session: saved } = bound(open());
    const ballast = fill(40_000);
    const text = 'x'.repeat(3000);
    let n = 0;
    const error = thrown(() => {
      for (; n < 1000; n++) log.append(BOB, record(n, { text }));
    });
    expect(error).toMatchObject({
      code: 'disk_full',
      message: expect.stringMatching(/^there is no room left on the disk that holds [^\n]*$/),
    });
    expect(n).toBeGreaterThan(3);
    expect(thrown(() => log.append(BOB, record(n, { text }))).code).toBe('disk_full');
    expect(thrown(() => commit({ putSession: [session(1, { state: new Uint8Array(50_000) })] })).code).toBe(
      'disk_full',
    );
    // Reading goes on.
    expect(log.page(BOB, undefined, 2000)).toMatchObject({ damaged: 0, more: false, records: { length: n } });
    expect(saved(group(1))).toBeUndefined();

    rmSync(ballast);
    expect(log.append(BOB, record(n, { text }))).toBe(true);
    commit({ putSession: [session(1)] });
    vault?.close();
    const again = open();
    expect(again.log.page(BOB, undefined, 2000)).toMatchObject({ damaged: 0, records: { length: n + 1 } });
    expect(again.session(group(1))).toEqual(session(1));
  });

  test('that is full, a first message leaves no file behind', () => {
    const { log } = bound(open());
    const ballast = fill(0);
    expect(thrown(() => log.append(BOB, record(1))).code).toBe('disk_full');
    expect(log.people()).toEqual([]);
    rmSync(ballast);
    expect(log.append(BOB, record(1))).toBe(true);
  });

  test('that is full, nothing is opened, the fault says why, and nothing is in the way later', () => {
    const ballast = fill(12_288);
    expect(fault()).toMatchObject({ code: 'disk_full', text: expect.stringMatching(/^[^\n]*no room left[^\n]*$/) });
    rmSync(ballast);
    open();
  });

  test('that is full, a passphrase that cannot be kept leaves the key as it was', async () => {
    const { log } = bound(open());
    log.append(BOB, record(1));
    const ballast = fill(0);
    await expect(log.setPassphrase('open sesame')).rejects.toMatchObject({ code: 'disk_full' });
    rmSync(ballast);
    vault?.close();
    expect(open().log.page(BOB, undefined, 1).records).toHaveLength(1);
  });

  test('that has become read-only, the vault says so, and opens again when it may be written', () => {
    open().log.append(BOB, record(1));
    vault?.close();
    disk.remount('ro');
    expect(fault()).toMatchObject({
      code: 'read_only',
      text: expect.stringMatching(/^[^\n]*no permission to write[^\n]*$/),
    });
    disk.remount('rw');
    expect(open().log.people()).toEqual([BOB]);
  });
});

function bound(vault: Vault) {
  return {
    log: vault.log,
    commit: vault.commit.bind(vault),
    session: vault.session.bind(vault),
  };
}
