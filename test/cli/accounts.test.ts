/** Accounts, as people and scripts meet them: what is asked, what is shown, and what never is. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { needOutside, OUTSIDE } from '../outside.ts';
import { freshEnv, PATIENCE, serve, uchat } from './run.ts';
import { open } from './terminal.ts';

vi.setConfig(PATIENCE);

const PASSWORD = 'Tr0ub4dor und 3';
const ONLINE = /online \d+ ms/;
const ADDRESS = OUTSIDE ?? '';

function passwordFile(env: Record<string, string>, password: string, name = 'password'): string {
  const path = join(env.HOME ?? '', name);
  writeFileSync(path, `${password}\n`, { mode: 0o600 });
  return path;
}

const argumentsOf = (pid: number): string => readFileSync(`/proc/${pid}/cmdline`, 'utf8');

/** A screen of which everything is kept that it ever showed when somebody looked. */
function watched(args: readonly string[], env: Record<string, string>) {
  const screen = open(args, env);
  const seen: string[] = [];
  return {
    ...screen,
    seen,
    shows: async (words: string | RegExp): Promise<string> => {
      const text = await screen.shows(words);
      seen.push(text);
      return text;
    },
  };
}

test('an unknown name is offered to be made, and the password is neither shown nor listed', async () => {
  const env = freshEnv();
  const { port } = await serve(freshEnv(), ['--registration', 'open']);
  const first = watched(['--user', 'erin', `127.0.0.1:${port}`], env);
  await first.shows(`Password for erin on 127.0.0.1:${port}:`);
  first.type(`${PASSWORD}\r`);
  await first.shows('Create a new account erin? [y/N]');
  expect(first.isFull()).toBe(false);
  first.type('y\r');
  await first.shows('The same password again:');
  first.type('something else\r');
  await first.shows('These were not the same.');
  await first.shows('New password for erin:');
  first.type(`${PASSWORD}\r`);
  await first.shows(/The same password again:[^]*The same password again:/);
  first.type(`${PASSWORD}\r`);
  await first.shows(ONLINE);
  expect(await first.shows('this is your account')).toContain('erin');
  expect(argumentsOf(first.pid)).not.toContain(PASSWORD);
  first.type('/quit\r');
  expect(await first.ended).toMatchObject({ exitCode: 0 });

  const again = watched(['--user', 'erin', `127.0.0.1:${port}`], env);
  await again.shows('Password for erin');
  again.type(`${PASSWORD}\r`);
  await again.shows(ONLINE);
  again.type('/quit\r');
  expect(await again.ended).toMatchObject({ exitCode: 0 });
  for (const text of [...first.seen, first.text(), ...again.seen, again.text()]) expect(text).not.toContain(PASSWORD);
});

test('wrong passwords lock out, in plain words, and where nobody may register nobody is offered to', async () => {
  const env = freshEnv();
  const { port } = await serve(freshEnv(), ['--registration', 'closed']);
  const screen = watched(['--user', 'erin', `127.0.0.1:${port}`], env);
  for (let i = 1; i <= 3; i++) {
    await screen.shows(new RegExp(`(Password for erin[^]*){${i}}`));
    screen.type('wrong guess\r');
  }
  await screen.shows(/you are locked out for 60 s[^]*Password for erin/);
  screen.type('wrong guess\r');
  expect(await screen.ended).toMatchObject({ exitCode: 1 });
  const last = await screen.shows('too many wrong passwords for erin');
  expect(last).toMatch(/try again in (5\d|60) s/);
  expect(last).not.toContain('Create a new account');
});

test('Ctrl-C at the question leaves the terminal as it was', async () => {
  const { port } = await serve(freshEnv());
  const screen = watched(['--user', 'erin', `127.0.0.1:${port}`], freshEnv());
  await screen.shows('Password for erin');
  screen.type('half of it\u0003');
  expect(await screen.ended).toMatchObject({ exitCode: 1 });
  expect(await screen.shows('no password was given')).not.toContain('half of it');
});

test('scripts register, and log in with a file', async () => {
  const env = freshEnv();
  const { port } = await serve(freshEnv(), ['--registration', 'open']);
  const server = `127.0.0.1:${port}`;
  const file = passwordFile(env, PASSWORD);
  const wrong = passwordFile(env, 'something else', 'wrong');
  const erin = ['--user', 'erin', '--server', server];
  expect(await uchat(['register', '--user', 'erin', '--password-file', file, server], env)).toEqual({
    status: 0,
    stdout: `erin has an account on ${server} now\n`,
    // Over TLS on this very host too: whoever of its users holds the port must not get a password.
    stderr: expect.stringMatching(/^uchat: first connection to .*: its key is SHA256:.*\n$/),
  });
  expect(await uchat(['register', ...erin, '--password-file', file], env)).toEqual({
    status: 1,
    stdout: '',
    stderr: 'uchat: the server refused: erin is taken; choose another name with --user NAME\n',
  });
  expect((await uchat(['send', ...erin, '--password-file', file, 'lobby', 'hello'], env)).status).toBe(0);
  expect((await uchat(['history', ...erin, '--password-file', file, 'lobby'], env)).stdout).toContain('erin: hello');
  expect(await uchat(['who', ...erin, '--password-file', wrong], env)).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('there is no account erin with this password'),
  });
  expect(await uchat(['who', ...erin], env)).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('--password-file FILE'),
  });
  // The kernel vouches for who runs this: they have an account, which only gets a password.
  expect((await uchat(['register', '--password-file', file, server], env)).stdout).toMatch(/ has a password on /);
  expect(await uchat(['register', '--password-file', file, server], env)).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('give the old one too'),
  });
});

test('a code lets in where the server asks for one', async () => {
  const env = freshEnv();
  const { port } = await serve(freshEnv());
  const server = `127.0.0.1:${port}`;
  const file = passwordFile(env, PASSWORD);
  const make = (...code: string[]) =>
    uchat(['register', '--user', 'erin', '--password-file', file, ...code, server], env);
  expect(await make()).toMatchObject({ status: 1, stderr: expect.stringContaining('--invite CODE') });
  // Whoever runs the server is its operator.
  const operator = open([server], env, 100);
  await operator.shows(ONLINE);
  operator.type('/invite\r');
  const [code = ''] = /[0-9A-Z]{4}(-[0-9A-Z]{4}){3}/.exec(await operator.shows(/-[0-9A-Z]{4} makes one account/)) ?? [];
  expect((await make('--invite', code.toLowerCase())).stdout).toContain('erin has an account');
  expect(await make('--invite', code)).toMatchObject({ status: 1 });
});

test('a guest becomes an account in the chat, with a password that nobody sees', async () => {
  const env = freshEnv();
  const { port, server } = await serve(freshEnv(), ['--registration', 'open', '--guests']);
  const screen = watched(['--guest', '--user', 'bob', `127.0.0.1:${port}`], env);
  await screen.shows(ONLINE);
  screen.type('/join dev\r');
  await screen.shows('#dev');
  screen.type('/register\r');
  await screen.shows('New password, at least 8 characters');
  screen.type('short');
  expect(await screen.shows('> •••••')).not.toContain('short');
  screen.type('\r');
  await screen.shows('a password has at least 8 characters');
  screen.type(PASSWORD);
  await screen.shows(`> ${'•'.repeat(PASSWORD.length)}`);
  screen.type('\r');
  await screen.shows('The new password again');
  screen.type(`${PASSWORD}\r`);
  await screen.shows('you are bob now');
  await screen.shows(ONLINE);
  // No trace in the input history either, and the room is still open.
  screen.type('\u001b[A');
  expect(await screen.shows('> /register')).toContain('dev');
  for (const text of [...screen.seen, server.stdout, server.stderr]) expect(text).not.toContain(PASSWORD);
  screen.type('\u0015/password\r');
  await screen.shows('Old password');
  screen.type(`${PASSWORD}\r`);
  await screen.shows('New password');
  screen.type('\u001b');
  await screen.shows('no password was set');
});

describe.runIf(needOutside())('on a server elsewhere', () => {
  test('a device key is enrolled in the chat, and then logs in by itself, for scripts too', async () => {
    const env = freshEnv();
    const { port } = await serve(freshEnv(), ['--host', ADDRESS, '--registration', 'open']);
    const server = `${ADDRESS}:${port}`;
    const file = passwordFile(env, PASSWORD);
    await uchat(['register', '--user', 'erin', '--password-file', file, server], env);
    const first = open(['--user', 'erin', '--password-file', file, server], env, 140);
    await first.shows('to log in from this device without a password: /key add');
    first.type('/key add laptop\r');
    await first.shows(/the device key SHA256:\S{43}/);
    first.type('/key list\r');
    await first.shows(/1 device key logs in[^]*laptop/);
    first.type('/quit\r');
    await first.ended;

    // Without a name, too: there is only one account that the key is for.
    const second = open([server], env, 140);
    await second.shows(ONLINE);
    expect(second.text()).toContain('erin');
    expect((await uchat(['send', '--user', 'erin', '--server', server, 'lobby', 'by key'], env)).stderr).toBe('');
    await second.shows('by key');
    const listed = await (async () => {
      second.type('/key list\r');
      return await second.shows(/SHA256:\S+ /);
    })();
    const [fingerprint = ''] = /SHA256:[A-Za-z0-9+/]{43}/.exec(listed) ?? [];
    second.type(`/key remove ${fingerprint}\r`);
    // The session that the key let in ends with it, and its client says so.
    await second.shows('this device key was removed');
    second.kill('SIGKILL');

    const third = open(['--user', 'erin', server], env, 140);
    await third.shows('Password for erin');
  });
});
