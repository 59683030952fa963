import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { KnownServers, keyChangedText } from '../../../src/client/shell/known-servers.ts';

const A = `SHA256:${'A'.repeat(43)}`;
const B = `SHA256:${'b'.repeat(43)}`;
const BOX = { host: 'box', port: 2428 };

/** A data folder, with this as `known_servers`. */
function folderWith(text?: string): { folder: string; path: string } {
  const folder = mkdtempSync(join(tmpdir(), 'uchat-known-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'known_servers');
  if (text !== undefined) writeFileSync(path, text);
  return { folder, path };
}

function open(folder: string): KnownServers {
  const servers = KnownServers.open(folder);
  if (!servers.ok) throw new Error(servers.error);
  return servers.value;
}

test('a server is new, then known, and with another key changed', () => {
  const { folder, path } = folderWith();
  const servers = open(join(folder, 'made', 'when needed'));
  expect(servers.check(BOX, A)).toBe('new');
  expect(servers.remember(BOX, { pin: A, certified: false })).toBeUndefined();
  expect(servers.check(BOX, A)).toBe('known');
  expect(servers.check(BOX, B)).toEqual({ changed: B, was: A });
  expect(servers.path).toContain('when needed');
  expect(open(folder).path).toBe(path);
});

test('what is kept is a private file of one line a server, which the next start reads', () => {
  const { folder, path } = folderWith();
  open(folder).remember(BOX, { pin: A, certified: false });
  open(folder).remember({ host: 'fd00::7', port: 1 }, { pin: B, certified: true });
  expect(readFileSync(path, 'utf8')).toBe(`box:2428 ${A}\n[fd00::7]:1 ${B} certificate\n`);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(open(folder).find({ host: 'fd00::7', port: 1 })).toEqual({ pin: B, certified: true });
});

test('a name is the same in any case and with a dot at its end; another port is another server', () => {
  const { folder } = folderWith(`Box:2428 ${A}\n`);
  const servers = open(folder);
  for (const host of ['box', 'BOX', 'box.']) expect(servers.check({ host, port: 2428 }, A)).toBe('known');
  expect(servers.check({ host: 'box', port: 2429 }, A)).toBe('new');
  expect(servers.check({ host: 'bo', port: 2428 }, A)).toBe('new');
});

test('comments and lines that mean nothing to us stay as they are, whatever is written', () => {
  const kept = `# mine\n\n  # indented\nnonsense\nother:1 ssh-rsa AAAA\nlab:1 ${A} trust me\n`;
  const { folder, path } = folderWith(`${kept}box:2428 ${A}`);
  const servers = open(folder);
  expect(servers.warnings).toEqual([4, 5, 6].map((line) => `${path}:${line} is skipped: it is not HOST:PORT SHA256:…`));
  servers.remember(BOX, { pin: B, certified: false });
  expect(readFileSync(path, 'utf8')).toBe(`${kept}box:2428 ${B}\n`);
  expect(servers.forget(BOX)).toEqual({ ok: true, value: 1 });
  expect(readFileSync(path, 'utf8')).toBe(kept);
  expect(servers.forget(BOX)).toEqual({ ok: true, value: 0 });
});

test('a server whose line is broken is not new, and can be forgotten', () => {
  const { folder, path } = folderWith(`box:2428 SHA256:short\n# end\n`);
  expect(open(folder).find(BOX)).toBe('broken');
  expect(open(folder).forget(BOX)).toEqual({ ok: true, value: 1 });
  expect(readFileSync(path, 'utf8')).toBe('# end\n');
  expect(open(folder).find(BOX)).toBeUndefined();
});

test('of two lines for one server the first one counts, and the second one is told', () => {
  const { folder, path } = folderWith(`box:2428 ${A}\nBOX:2428 ${B}\n`);
  const servers = open(folder);
  expect(servers.check(BOX, A)).toBe('known');
  expect(servers.check(BOX, B)).toEqual({ changed: B, was: A });
  expect(servers.warnings).toEqual([`${path}:2 is skipped: the server has a line before it`]);
});

test('what another uchat has written meanwhile is not lost', () => {
  const { folder } = folderWith();
  const [one, two] = [open(folder), open(folder)];
  one.remember(BOX, { pin: A, certified: false });
  two.remember({ host: 'lab', port: 1 }, { pin: B, certified: false });
  expect(open(folder).check(BOX, A)).toBe('known');
  expect(open(folder).check({ host: 'lab', port: 1 }, B)).toBe('known');
});

test('a file that cannot be read is an error and not an empty one; nor is it written over', () => {
  const { folder, path } = folderWith();
  mkdirSync(path);
  expect(KnownServers.open(folder)).toMatchObject({
    ok: false,
    error: expect.stringContaining(`${path} can't be read`),
  });
  const { folder: other, path: long } = folderWith(`${'#'.repeat(1_048_577)}\n`);
  expect(KnownServers.open(other)).toEqual({ ok: false, error: `${long} is longer than 1048576 bytes` });
});

test('what cannot be written is said', () => {
  const { folder } = folderWith();
  const file = join(folder, 'file');
  writeFileSync(file, '');
  chmodSync(folder, 0o700);
  const servers = KnownServers.open(join(folder, 'sub'));
  if (!servers.ok) throw new Error(servers.error);
  writeFileSync(join(folder, 'sub'), 'in the way');
  expect(servers.value.remember(BOX, { pin: A, certified: false })).toMatch(/known_servers/);
});

test('the words for a changed key name both keys, both causes, and the way out', () => {
  const words = keyChangedText({ host: 'box', port: 9 }, A, B).join(' ');
  for (const each of ['box:9', A, B, 'reinstalled', 'between', 'nothing was sent', 'uchat forget-server box:9'])
    expect(words).toContain(each);
});
