import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { upkeepSettings } from '../../../src/client/shell/upkeep-settings.ts';
import { SERVER, SERVER_FOLDER } from '../../../src/usage/options.ts';

const TABLE = { ...SERVER, ...SERVER_FOLDER };
let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'uchat-upkeep-'));
  vi.stubEnv('XDG_CONFIG_HOME', home);
  onTestFinished(() => {
    vi.unstubAllEnvs();
    rmSync(home, { recursive: true });
  });
});

test("the server's folder and its key are those of its file, unless others are typed", () => {
  const config = join(home, 'server.toml');
  writeFileSync(config, 'data = "/srv/chat"\ntls-key = "/etc/key"\ntls-cert = "/etc/cert"\n');
  const tls = { keyFile: '/etc/key', certFile: '/etc/cert' };
  expect(upkeepSettings(TABLE, { config })).toEqual({ ok: true, value: { folder: '/srv/chat', tls } });
  expect(upkeepSettings(TABLE, { config, data: home })).toEqual({ ok: true, value: { folder: home, tls } });
});

test('a file that is named must be there, also where the folder is typed', () => {
  const config = join(home, 'none.toml');
  expect(upkeepSettings(TABLE, { config, data: home })).toMatchObject({
    ok: false,
    error: { status: 2, line: `--config ${config}: there is no such file` },
  });
});

test('a certificate without its key is not passed over', () => {
  expect(upkeepSettings(TABLE, { data: home, 'tls-cert': '/etc/cert' })).toMatchObject({
    ok: false,
    error: { status: 2, line: expect.stringMatching(/^--tls-cert and --tls-key go together/) },
  });
});
