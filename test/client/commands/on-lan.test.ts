import { describe, expect, test } from 'vitest';
import type { Command } from '../../../src/client/commands/command.ts';
import { COMMANDS } from '../../../src/client/commands/index.ts';
import { ON_LAN } from '../../../src/client/commands/on-lan.ts';
import { LOBBY_KEPT_MS, MAX_LOBBY_ENTRIES } from '../../../src/lan/limits.ts';
import { Drive, deviceId, info, KEYS, only, room, types, user } from '../core/drive.ts';

const ALL: readonly Command[] = COMMANDS;

function near(): Drive {
  const drive = new Drive();
  drive.lan();
  return drive;
}

const said = (drive: Drive, line: string): string | undefined => {
  drive.key('ctrl-u');
  drive.enter(line);
  return drive.state.hint?.text;
};

describe('on the local network', () => {
  test('the table knows every command, and no other', () => {
    expect(Object.keys(ON_LAN).toSorted()).toEqual(ALL.map(({ name }) => name).toSorted());
  });

  test.each(ALL.map((command) => [command.name, command] as const))(
    '/%s works, or says in one line that it needs a server',
    (name) => {
      const drive = near();
      drive.state.operator = true;
      const why = ON_LAN[name];
      const sent = drive.enter(`/${name} bob`);
      if (why === undefined) expect(drive.state.hint?.text ?? '').not.toContain('needs a server');
      else {
        expect(sent).toEqual([]);
        expect(drive.state.hint).toEqual({ text: `/${name} needs a server: ${why}`, bad: true });
        expect(why).not.toContain('\n');
        expect(`/${name} needs a server: ${why}`.length).toBeLessThan(156);
      }
    },
  );

  test('how long the lobby is kept is said as it is', () => {
    expect(ON_LAN.keep).toContain(`at most ${MAX_LOBBY_ENTRIES} messages`);
    expect([ON_LAN.keep?.includes('for seven days'), LOBBY_KEPT_MS]).toEqual([true, 7 * 86_400_000]);
  });

  test('with a server none of them says so', () => {
    const drive = new Drive();
    drive.login();
    drive.state.operator = true;
    for (const { name } of ALL.filter((command) => ON_LAN[command.name] !== undefined))
      expect(said(drive, `/${name}`) ?? '').not.toContain('needs a server');
  });

  test('an alias is as good as the name, and a key that is bound to one', () => {
    expect(said(near(), '/channels')).toMatch(/^\/rooms needs a server: /);
  });

  test('help leaves them out, and says of each why; Tab offers none', () => {
    const drive = near();
    drive.enter('/help');
    const [list = ''] = drive.notices();
    expect(list).toContain('/private name');
    expect(list).toContain('/lan on | off');
    expect(list).not.toContain('/topic');
    drive.enter('/help topic');
    expect(drive.notices().at(-1)).toContain('/topic needs a server: ');
    drive.type('/to');
    drive.key('tab');
    expect(drive.input()).toBe('/to');
  });
});

describe('/lan', () => {
  const answer = {
    type: 'lan',
    device: deviceId(KEYS[0]),
    port: 2428,
    interfaces: ['eth0 10.0.0.7/24', 'wlan0 192.168.1.7/24'],
    peers: ['10.1.0.9:2428'],
    people: 2,
    links: 1,
    heard: 4120,
    dropped: [
      { reason: 'forged', count: 3 },
      { reason: 'flood', count: 9000 },
      { reason: 'of_a_later_day', count: 1 },
      { reason: 'stale', count: 0 },
    ],
    problems: ['wlan0 takes no broadcast'],
  } as const;

  test('status asks, and shows what it is told in lines', () => {
    const drive = near();
    const { id } = only(drive.enter('/lan status'), 'lan');
    drive.get({ ...answer, ...(id === undefined ? {} : { id }) });
    expect(drive.notices().at(-1)?.split('\n')).toEqual([
      'the local network:',
      'port          2428, UDP',
      'announced on  eth0 10.0.0.7/24',
      '              wlan0 192.168.1.7/24',
      'peers         10.1.0.9:2428',
      'people        2 others, 1 link',
      'heard         4,120 announcements',
      'dropped       9,000 too many at once',
      '              3 with a wrong signature',
      '              1 of a later day',
      'problems      wlan0 takes no broadcast',
    ]);
  });

  test('nobody who has not asked is told', () => {
    const drive = near();
    drive.get(answer);
    expect(drive.notices()).toEqual([]);
  });

  test('on and off are for whoever has a server, too', () => {
    const drive = near();
    expect(said(drive, '/lan on')).toMatch(/is on/);
    expect(said(drive, '/lan off')).toMatch(/only the local network/);
    expect(drive.effects.filter((effect) => effect.do === 'lan')).toEqual([]);
  });

  test('with a server it is asked of the shell, and what comes of it is told', () => {
    const drive = new Drive();
    drive.login();
    expect(said(drive, '/lan status')).toMatch(/is off: \/lan on/);
    expect(said(drive, '/lan off')).toMatch(/is off/);
    said(drive, '/lan on');
    expect(drive.effects).toContainEqual({ do: 'lan', on: true });
    drive.event({ type: 'lan', on: false, text: 'the port is taken' });
    expect(drive.notices()).toEqual(['the port is taken']);
    drive.event({ type: 'lan', on: true, room: room('#lan') });
    expect(drive.state.lanAlso).toBe(true);
    expect(types(drive.enter('/lan'))).toEqual(['lan']);
    drive.enter('/lan off');
    expect(drive.effects).toContainEqual({ do: 'lan', on: false });
  });

  test('Tab completes its words, and others are told what there is', () => {
    const drive = near();
    drive.type('/lan st');
    drive.key('tab');
    expect(drive.input()).toBe('/lan status ');
    expect(said(drive, '/lan up')).toBe('write /lan on, /lan off, or /lan status');
  });

  test('the room beside a server stays when the server comes back without it', () => {
    const drive = new Drive();
    drive.login();
    drive.event({ type: 'lan', on: true, room: room('#lan') });
    drive.get({ type: 'room', room: { ...info('#lan', 7), sparse: true } });
    expect(drive.tab('#lan').sparse).toBe(true);
    drive.event({ type: 'linkDown', text: 'gone' });
    drive.pass(60_000);
    drive.tick();
    drive.login();
    expect(drive.tabs()).toEqual(['#lobby', '#lan']);
  });

  test('who is met there is told apart by the beginning of their key', () => {
    const drive = near();
    const presence = (name: string, key: string): void => {
      const state = { type: 'presence', user: user(name), state: 'online', since: drive.env.now } as const;
      drive.get({ ...state, device: deviceId(key) });
    };
    presence('bob', KEYS[0]);
    presence('carol', KEYS[1]);
    drive.enter('/who');
    const [, ...lines] = drive.notices().at(-1)?.split('\n') ?? [];
    expect(lines).toEqual([
      expect.stringMatching(/^bob {4}online {3}since \S+, key [0-9a-f]{4}$/),
      expect.stringMatching(/^carol {2}online {3}since \S+, key [0-9a-f]{4}$/),
    ]);
    drive.enter('/who bob');
    expect(drive.notices().at(-1)).toMatch(/^bob: online since \S+, key [0-9a-f]{4}$/);
  });
});
