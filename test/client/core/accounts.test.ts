/** Logging in to an account, becoming one, and asking for passwords without showing them. */
import { describe, expect, test } from 'vitest';
import { Secret } from '../../../src/base/secret.ts';
import type { Login } from '../../../src/client/core/inner.ts';
import type { State } from '../../../src/client/core/state.ts';
import { nextWake } from '../../../src/client/core/wake.ts';
import { view } from '../../../src/client/view/view.ts';
import type { ErrorCode } from '../../../src/protocol/errors.ts';
import { at, clientId, Drive, info, only, START, sent } from './drive.ts';

const PASSWORD = 'correct horse';
const proof = { key: 'A'.repeat(43), signature: 's'.repeat(86) };
const account = (more: Partial<Extract<Login, { method: 'account' }>> = {}): Login => ({
  method: 'account',
  name: 'erin',
  password: new Secret(PASSWORD),
  ...more,
});
const error = (code: ErrorCode, text = 'words of the server') => ({ type: 'error', code, text, closes: true }) as const;

/** As JSON, with what maps and sets hold. */
const everythingIn = (state: State): string =>
  JSON.stringify(state, (_, value: unknown) => (value instanceof Map || value instanceof Set ? [...value] : value));

function started(login: Login): Drive {
  const drive = new Drive({ login });
  drive.event({ type: 'start' });
  return drive;
}
const hello = (drive: Drive, event: object = {}) => only(sent(drive.event({ type: 'linkUp', ...event })), 'hello');
const rows = (drive: Drive): string[] =>
  view(drive.state, { now: at(START), mono: drive.mono }).rows.map((row) => row.map(({ text }) => text).join(''));

describe('an account', () => {
  test('comes with its password, again after each lost connection', () => {
    const drive = started(account());
    for (let i = 0; i < 3; i++) {
      expect(hello(drive)).toMatchObject({ name: 'erin', auth: { method: 'password', password: PASSWORD } });
      drive.welcome([info('#lobby')], 'erin');
      drive.event({ type: 'linkDown', text: 'ECONNRESET' });
      drive.pass(60_000);
      expect(drive.tick()).toEqual([{ do: 'connect' }]);
    }
  });

  test('comes with the device key where there is one; should that be refused, with the password', () => {
    const drive = started(account());
    expect(hello(drive, { secure: true, proof }).auth).toEqual({ method: 'key', ...proof });
    const effects = drive.event({ type: 'message', message: error('wrong_key') });
    expect(effects).toEqual([{ do: 'connect' }]);
    expect(hello(drive, { secure: true, proof }).auth).toEqual({ method: 'password', password: PASSWORD });
  });

  test('that has only its key stops where the key is refused, or can not sign', () => {
    for (const refuse of [
      (drive: Drive) => {
        hello(drive, { secure: true, proof });
        drive.get(error('wrong_key'));
      },
      (drive: Drive) => void drive.event({ type: 'linkUp', secure: true }),
    ]) {
      const drive = started(account({ password: undefined }));
      refuse(drive);
      expect(drive.state.connection.kind).toBe('refused');
      expect(nextWake(drive.state)).toBeUndefined();
    }
  });

  test.each(['wrong_password', 'locked_out', 'banned', 'kicked'] as const)(
    'that comes back to %s stops trying, and says so',
    (code) => {
      const drive = started(account());
      hello(drive);
      drive.welcome([info('#lobby')], 'erin');
      drive.event({ type: 'linkDown', text: 'ECONNRESET' });
      drive.pass(60_000);
      drive.tick();
      hello(drive);
      drive.get(error(code, 'try again in 60 s'));
      expect(drive.state.connection).toEqual({ kind: 'refused', code, text: 'try again in 60 s' });
      drive.pass(3_600_000);
      expect(drive.tick()).toEqual([]);
      expect(nextWake(drive.state)).toBeUndefined();
    },
  );

  test('that finds the server busy tries again by itself', () => {
    const drive = started(account());
    hello(drive);
    drive.get(error('login_busy'));
    expect(drive.state.connection.kind).toBe('waiting');
  });

  test('is made once: what comes after is a log-in', () => {
    const drive = started(account({ register: { invite: 'ABCD-EFGH' } }));
    expect(hello(drive).auth).toEqual({ method: 'register', password: PASSWORD, invite: 'ABCD-EFGH' });
    drive.event({ type: 'linkDown', text: 'ECONNRESET' });
    drive.pass(60_000);
    drive.tick();
    expect(hello(drive).auth).toEqual({ method: 'password', password: PASSWORD });
  });

  test('is told once that this device could have a key, and only where one is of use', () => {
    const drive = started(account());
    hello(drive, { secure: true });
    drive.welcome([info('#lobby')], 'erin');
    const suggestions = () => drive.notices().filter((text) => text.includes('/key add'));
    expect(suggestions()).toHaveLength(1);
    drive.event({ type: 'linkDown', text: 'x' });
    drive.pass(60_000);
    drive.tick();
    hello(drive, { secure: true });
    drive.welcome([info('#lobby')], 'erin');
    expect(suggestions()).toHaveLength(1);
    const here = started(account());
    hello(here);
    here.welcome([info('#lobby')], 'erin');
    expect(here.notices()).toEqual([]);
    expect(here.enter('/key add')).toEqual([]);
    expect(here.state.hint).toMatchObject({ bad: true });
  });

  test('no password is in what a fault would print of the state', () => {
    const drive = started(account());
    hello(drive);
    drive.welcome([info('#lobby')], 'erin');
    expect(everythingIn(drive.state)).not.toContain(PASSWORD);
  });
});

describe('a password that is asked for', () => {
  test('is shown as signs, and is in no draft, no history and no frame', () => {
    const drive = new Drive();
    drive.login();
    drive.type('half a message');
    drive.key('ctrl-u');
    drive.enter('/password');
    expect(rows(drive).join('\n')).toContain('Old password, or nothing if you have none');
    drive.enter('');
    drive.type(PASSWORD);
    expect(rows(drive).join('\n')).toContain(`> ${'•'.repeat(PASSWORD.length)}`);
    expect(rows(drive).join('\n')).not.toContain(PASSWORD);
    expect(drive.input()).toBe('');
    drive.key('enter');
    const message = only(drive.enter(PASSWORD), 'password');
    expect(message).toEqual({ type: 'password', password: PASSWORD, id: message.id });
    expect(drive.state.prompt).toBeUndefined();
    expect(drive.state.inner.sent.map(({ text }) => text)).toEqual(['/password']);
    drive.get({ type: 'done', id: message.id ?? clientId('x'), text: 'the password of alice is set' });
    expect(drive.notices()).toContain('the password of alice is set');
    drive.key('up', 'up', 'up');
    expect(drive.input()).toBe('/password');
    expect(everythingIn(drive.state)).not.toContain(PASSWORD);
  });

  test('goes with the old one where there was one', () => {
    const drive = new Drive();
    drive.login();
    drive.enter('/password');
    drive.enter('the old one');
    drive.enter(PASSWORD);
    expect(only(drive.enter(PASSWORD), 'password')).toMatchObject({ old: 'the old one', password: PASSWORD });
  });

  test('is asked for again where it is too short, or not the same twice', () => {
    const drive = new Drive();
    drive.login();
    drive.enter('/password');
    drive.enter('');
    expect(drive.enter('short')).toEqual([]);
    expect(drive.state.prompt).toMatchObject({ bad: true, length: 0 });
    expect(drive.state.prompt?.text).toMatch(/^a password has at least 8 characters\. New password/);
    drive.enter(PASSWORD);
    expect(drive.enter('something else')).toEqual([]);
    expect(drive.state.prompt?.text).toMatch(/^these were not the same\. New password/);
  });

  test('is edited at its end, taken from a paste without line ends, and left by Esc or Ctrl-C', () => {
    const drive = new Drive();
    drive.login();
    drive.enter('/password');
    drive.enter('');
    drive.type('wrong');
    drive.key('ctrl-u');
    drive.paste(`${PASSWORD}\n`);
    drive.type('😀');
    drive.key('backspace', 'enter');
    expect(only(drive.enter(PASSWORD), 'password').password).toBe(PASSWORD);
    for (const key of ['escape', 'ctrl-c']) {
      drive.enter('/password');
      drive.type('half of it');
      expect(drive.key(key)).toEqual([]);
      expect(drive.state.prompt).toBeUndefined();
      expect(drive.state.hint).toEqual({ text: 'no password was set', bad: false });
    }
  });

  test('is never taken from the command line of the chat', () => {
    const drive = new Drive();
    drive.login();
    expect(drive.enter(`/password ${PASSWORD}`)).toEqual([]);
    expect(drive.state.hint).toMatchObject({ bad: true });
  });

  test('is not lost on a connection that has ended', () => {
    const drive = new Drive();
    drive.login();
    drive.enter('/password');
    drive.enter('');
    drive.enter(PASSWORD);
    drive.event({ type: 'linkDown', text: 'x' });
    expect(drive.enter(PASSWORD)).toEqual([]);
    expect(drive.state.hint).toMatchObject({ text: expect.stringContaining('no password was set'), bad: true });
  });
});

describe('a guest', () => {
  function registering(typed = '/register'): Drive {
    const drive = started({ method: 'guest', name: 'bob' });
    hello(drive);
    drive.welcome([info('#lobby'), info('#dev')], '~bob');
    drive.enter(typed);
    drive.enter(PASSWORD);
    drive.enter(PASSWORD);
    return drive;
  }

  test('becomes an account with the rooms they were in', () => {
    const drive = registering('/register abcd-efgh');
    expect(drive.effects.at(-1)).toEqual({ do: 'connect' });
    expect(hello(drive)).toMatchObject({
      name: 'bob',
      auth: { method: 'register', password: PASSWORD, invite: 'abcd-efgh' },
    });
    const messages = drive.welcome([info('#lobby')], 'bob');
    expect(only(messages, 'join').room).toBe('#dev');
    expect(drive.notices()).toContain('you are bob now: the account is yours');
    expect(drive.state.self?.name).toBe('bob');
  });

  test('stays a guest where the server does not want it', () => {
    const drive = registering();
    hello(drive);
    drive.get(error('registration_closed', 'this server takes no new accounts'));
    expect(drive.effects.at(-1)).toEqual({ do: 'connect' });
    expect(drive.state.hint).toEqual({ text: 'this server takes no new accounts', bad: true });
    expect(hello(drive)).toMatchObject({ name: 'bob', auth: { method: 'guest' } });
  });

  test('has neither password nor keys', () => {
    const drive = started({ method: 'guest', name: 'bob' });
    hello(drive);
    drive.welcome([info('#lobby')], '~bob');
    for (const command of ['/password', '/key list']) {
      expect(drive.enter(command)).toEqual([]);
      expect(drive.state.hint).toMatchObject({ text: expect.stringContaining('/register'), bad: true });
      drive.key('ctrl-u');
    }
  });
});

describe('device keys', () => {
  function secure(): Drive {
    const drive = started(account());
    hello(drive, { secure: true });
    drive.welcome([info('#lobby')], 'erin');
    return drive;
  }
  const fingerprint = `SHA256:${'f'.repeat(43)}`;

  test('are enrolled: the shell makes one, the server takes it, the shell remembers it', () => {
    const drive = secure();
    drive.enter('/key add my laptop');
    expect(drive.effects.at(-1)).toEqual({ do: 'openKey', label: 'my laptop' });
    const [asked] = sent(drive.event({ type: 'deviceKey', key: proof.key, fingerprint, label: 'my laptop' }));
    expect(asked).toMatchObject({ type: 'key_add', key: proof.key, label: 'my laptop' });
    const id = asked !== undefined && 'id' in asked ? asked.id : undefined;
    drive.get({ type: 'done', id: id ?? clientId('x'), text: 'added' });
    expect(drive.effects).toContainEqual({ do: 'enrolled', name: 'erin' });
  });

  test('are listed and removed', () => {
    const drive = secure();
    const list = only(drive.enter('/key list'), 'keys');
    drive.get({
      type: 'keys',
      id: list.id ?? clientId('x'),
      keys: [{ fingerprint, label: 'laptop', added: at(START) }],
    });
    expect(drive.notices().at(-1)).toContain(`1 device key logs in to this account\n${fingerprint}`);
    const remove = only(drive.enter(`/key remove ${fingerprint}`), 'key_remove');
    expect(remove.fingerprint).toBe(fingerprint);
    drive.get({ type: 'done', id: remove.id ?? clientId('x'), text: 'removed' });
    expect(drive.effects).toContainEqual({ do: 'unenrolled', name: 'erin', fingerprint });
    for (const wrong of ['/key', '/key remove', '/key remove laptop', '/key lend']) {
      expect(drive.enter(wrong)).toEqual([]);
      expect(drive.state.hint).toMatchObject({ bad: true });
      drive.key('ctrl-u');
    }
  });
});

test('an operator makes a code that is shown with its end', () => {
  const drive = new Drive();
  drive.event({ type: 'start' });
  drive.event({ type: 'linkUp' });
  drive.welcome([info('#lobby')], 'alice', true);
  const { id } = only(drive.enter('/invite'), 'invite');
  drive.get({ type: 'invite', id: id ?? clientId('x'), code: '7ZB3-K0QM-4XTN-92AF', until: at(START) });
  expect(drive.notices().at(-1)).toMatch(/^7ZB3-K0QM-4XTN-92AF makes one account, until /);
});
