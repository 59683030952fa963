import { describe, expect, test } from 'vitest';
import { COMMANDS } from '../../../src/client/commands/index.ts';
import { Drive, groupId, info, OPEN, user } from '../core/drive.ts';

const online = (): Drive => {
  const drive = new Drive();
  drive.login([info('#lobby')]);
  return drive;
};

/** A line that does nothing but say what is wrong with it, and stays to be mended. @returns what it says. */
function fault(drive: Drive, line: string): string {
  const commands = (): number => drive.effects.filter((effect) => effect.do === 'private').length;
  const before = commands();
  drive.enter(line);
  const text = drive.state.hint?.text ?? '';
  expect(drive.state.hint?.bad).toBe(true);
  expect(drive.input()).toBe(line);
  expect(commands()).toBe(before);
  drive.key('ctrl-u');
  return text;
}

const available = (drive: Drive, is: boolean): void =>
  void drive.tell({ type: 'available', available: is, text: is ? '' : 'they are in your other uchat' });

describe('the words of the systems before', () => {
  test.each([
    ['/private bob', 'ask'],
    ['/startprivate bob', 'ask'],
    ['/message bob hello', 'mail'],
    ['/msg bob hello', 'mail'],
    ['/dhkey', 'fingerprints'],
    ['/fingerprint bob', 'fingerprints'],
  ] as const)('%s works', (line, what) => {
    const drive = online();
    drive.enter(line);
    expect(drive.told(what)).toHaveLength(1);
  });

  test.each(['/end', '/stopprivate', '/end bob'])('%s ends the chat', (line) => {
    const drive = online();
    const chat = drive.talk('bob');
    drive.enter(line);
    expect(drive.told('end')).toEqual([{ do: 'end', chat }]);
  });

  test.each(['accept', 'reject'] as const)('/%s answers, in the tab, by name, or from where only one asks', (word) => {
    for (const line of [`/${word}`, `/${word} carol`]) {
      const drive = online();
      drive.asks('carol');
      drive.enter(line);
      expect(drive.told(word)).toMatchObject([{ chat: 'chat of carol' }]);
    }
    const drive = online();
    drive.asks('carol');
    drive.asks('dave');
    expect(fault(drive, `/${word}`)).toBe(`whom? Write /${word} carol`);
    drive.key('alt-3');
    drive.enter(`/${word}`);
    expect(drive.told(word)).toMatchObject([{ chat: 'chat of dave' }]);
  });

  test.each(['/list', '/users'])('%s lists who is here', (line) => {
    const drive = online();
    drive.enter(line);
    expect(drive.notices().at(-1)).toContain('online');
  });
});

describe('/private', () => {
  test.each([
    ['/private', 'with whom? Write /private bob'],
    ['/private b@b', 'is no name'],
    ['/private alice', 'that is you: a private chat is with somebody else'],
    ['/private bob hello', 'no private chat with bob is open'],
    ['/private bob --palin', 'there is no --palin'],
  ])('%s is mended', (line, words) => {
    expect(fault(online(), line)).toContain(words);
  });

  test('goes to the chat that is there, and never makes it a plain one', () => {
    const drive = online();
    drive.talk('bob');
    drive.key('alt-1');
    drive.enter('/private bob');
    expect(drive.active()).toBe('=bob');
    expect(fault(drive, '/private bob --plain')).toContain('/end bob comes first');
    expect(drive.told('ask')).toHaveLength(1);
    expect(drive.chat('bob').plain).toBe(false);
  });

  test('to somebody who asks leads to their request', () => {
    const drive = online();
    drive.asks('bob');
    drive.enter('/private bob');
    expect(drive.active()).toBe('=bob');
    expect(drive.state.hint?.text).toBe('bob has asked you: /accept or /reject');
    expect(drive.told('ask')).toEqual([]);
  });

  test('needs a connection to begin', () => {
    const drive = online();
    drive.event({ type: 'linkDown', text: 'gone' });
    expect(fault(drive, '/private bob')).toContain('there is no connection now');
    expect(drive.tabs()).toEqual(['#lobby']);
  });
});

describe('/accept', () => {
  test('with --hide keeps the address, and leads to the tab', () => {
    const drive = online();
    drive.asks('carol');
    drive.enter('/accept carol --hide');
    expect(drive.told('accept')).toMatchObject([{ hideAddress: true }]);
    expect(drive.active()).toBe('=carol');
  });

  test.each([
    ['/accept', 'nobody asks you for a private chat'],
    ['/accept bob', "bob doesn't ask you for a private chat"],
    ['/accept --hurry', 'there is no --hurry'],
    ['/accept carol dave', 'one name is enough'],
    ['/end', 'nobody is in a private chat with you'],
    ['/end bob', 'bob is not in a private chat with you'],
  ])('%s is mended where there is nothing to answer or to end', (line, words) => {
    expect(fault(online(), line)).toContain(words);
  });

  test('with --plain does not accept what is to be encrypted', () => {
    const drive = online();
    drive.asks('carol');
    expect(fault(drive, '/accept carol --plain')).toContain('/accept carol is enough');
  });

  test('needs a connection', () => {
    const drive = online();
    drive.asks('carol');
    drive.event({ type: 'linkDown', text: 'gone' });
    expect(fault(drive, '/accept')).toContain('there is no connection now');
  });
});

describe('where private chats can not be had', () => {
  test.each([
    '/private bob',
    '/verify bob',
    '/dhkey',
    '/dhkey bob',
    '/accept-key bob',
    '/history bob',
    '/export bob',
    '/forget bob yes',
    '/passphrase',
    '/unlock',
  ])('%s says why', (line) => {
    const drive = online();
    available(drive, false);
    expect(fault(drive, line)).toBe('they are in your other uchat');
    available(drive, true);
    drive.enter(line === '/unlock' ? '/passphrase' : line);
    expect(drive.state.hint?.bad ?? false).toBe(false);
  });

  test.each(['/history bob', '/export bob', '/forget bob yes', '/passphrase'])(
    '%s needs the log to be open',
    (line) => {
      const drive = online();
      drive.tell({ type: 'locked', locked: true, waiting: 1 });
      expect(drive.state.privates).toEqual({ kind: 'locked', waiting: 1 });
      expect(fault(drive, line)).toContain('/unlock');
    },
  );

  test('a message is given to the messenger all the same, which says what it waits for', () => {
    const drive = online();
    available(drive, false);
    drive.enter('/msg bob hello');
    const { id } = drive.told('mail')[0] ?? {};
    if (id === undefined) throw new Error('no mail');
    const text = 'they are in your other uchat';
    drive.tell({ type: 'notMailed', id, to: user('bob'), code: 'unavailable', text, wait: true });
    expect(drive.state.hint?.text).toContain(text);
    available(drive, true);
    expect(drive.person('bob').pending).toMatchObject([{ state: { kind: 'sending' } }]);
    expect(drive.told('mail')).toHaveLength(1);
  });
});

describe('the log', () => {
  test('of a private chat is kept when one says so', () => {
    const drive = online();
    const chat = drive.talk('bob');
    drive.enter('/log on');
    drive.enter('/log off');
    expect(drive.told('log')).toEqual([
      { do: 'log', chat, on: true },
      { do: 'log', chat, on: false },
    ]);
    expect(fault(drive, '/log')).toContain('you keep no log of this chat');
    drive.chatIs('bob', { ...OPEN, log: true }, { chat });
    expect(fault(drive, '/log')).toContain('you keep a log of this chat');
    expect(fault(drive, '/log perhaps')).toBe('write /log on, or /log off');
    drive.chatIs('bob', { kind: 'ended', text: 'bob has left' }, { chat });
    expect(fault(drive, '/log on')).toBe('no private chat with bob is open');
    drive.key('alt-1');
    expect(fault(drive, '/log on')).toContain('this is for the tab of a private chat');
  });

  test('is written into a file, of that name or another', () => {
    const drive = online();
    drive.enter('/export bob');
    drive.enter('/export bob my file.txt');
    expect(drive.told('export')).toEqual([
      { do: 'export', user: 'bob' },
      { do: 'export', user: 'bob', path: 'my file.txt' },
    ]);
    expect(fault(drive, '/export')).toContain('whom?');
  });

  test('gets a passphrase, which is asked for twice and never shown', () => {
    const drive = online();
    drive.enter('/passphrase');
    expect(drive.state.prompt?.text).toContain('Passphrase for your log');
    drive.enter('short');
    expect(drive.state.prompt?.text).toContain('a passphrase has at least 8 characters');
    drive.enter('correct horse');
    drive.enter('correct house');
    expect(drive.state.prompt?.text).toContain('these were not the same');
    drive.enter('correct horse');
    drive.enter('correct horse');
    expect(drive.state.prompt).toBeUndefined();
    expect(drive.told('passphrase').map(({ passphrase }) => passphrase?.reveal())).toEqual(['correct horse']);
    expect(JSON.stringify(drive.state)).not.toContain('horse');
    expect(drive.input()).toBe('');
  });

  test('loses it by /passphrase off', () => {
    const drive = online();
    drive.enter('/passphrase off');
    expect(drive.told('passphrase')).toEqual([{ do: 'passphrase' }]);
    expect(fault(drive, '/unlock')).toContain('your log is not locked');
  });

  test('is unlocked by it; Esc leaves it locked', () => {
    const drive = online();
    drive.tell({ type: 'locked', locked: true, waiting: 0 });
    drive.enter('/unlock');
    drive.key('escape');
    expect(drive.state.hint?.text).toBe('the log stays locked');
    drive.enter('/unlock');
    drive.enter('pw');
    expect(drive.told('unlock').map(({ passphrase }) => passphrase.reveal())).toEqual(['pw']);
    drive.tell({ type: 'locked', locked: false, waiting: 0 });
    expect(drive.state.privates).toEqual({ kind: 'available' });
  });
});

describe('names', () => {
  test('of the tab are meant where none is given', () => {
    const drive = online();
    drive.enter('/msg bob');
    drive.enter('/verify');
    drive.enter('/dhkey');
    drive.enter('/accept-key');
    expect(drive.told('verify')).toMatchObject([{ user: 'bob' }]);
    expect(drive.told('fingerprints')).toMatchObject([{ user: 'bob' }]);
    expect(drive.told('acceptKey')).toMatchObject([{ user: 'bob' }]);
    drive.key('alt-1');
    expect(fault(drive, '/verify')).toBe('whom? Write /verify bob');
    expect(fault(drive, '/verify alice')).toBe('that is you: /dhkey shows the fingerprints of your devices');
  });

  test('may be one’s own, where another device of ours is to be accepted', () => {
    const drive = online();
    drive.enter('/accept-key alice');
    expect(drive.told('acceptKey')).toMatchObject([{ user: 'alice' }]);
    drive.key('ctrl-u');
    drive.type('/accept-key al');
    drive.key('tab');
    expect(drive.input()).toBe('/accept-key alice ');
  });

  test('are completed: those who ask, those in a chat, those with a log', () => {
    const drive = online();
    drive.asks('carol');
    drive.talk('bob');
    drive.tell({ type: 'logged', people: [user('zoe')] });
    const completed = (line: string): string => {
      drive.key('ctrl-u');
      drive.type(line);
      drive.key('tab');
      return drive.input();
    };
    expect(completed('/accept ')).toBe('/accept carol ');
    expect(completed('/forget z')).toBe('/forget zoe ');
    expect(completed('/history z')).toBe('/history zoe ');
    expect(completed('/private z')).toBe('/private zoe ');
    drive.chatIs('carol', { kind: 'ended', text: 'carol has left' });
    expect(completed('/end ')).toBe('/end bob ');
  });
});

test('/clear leaves a private chat as it is: nothing would bring it back', () => {
  const drive = online();
  const chat = drive.talk('bob');
  drive.says(chat, 'keep me');
  expect(fault(drive, '/clear')).toContain('would be lost');
  expect(drive.texts('=bob')).toEqual(['keep me']);
});

test('/topic is for rooms', () => {
  const drive = online();
  drive.talk('bob');
  expect(fault(drive, '/topic hi')).toBe('only rooms have a topic');
});

test('/leave in a tab where somebody asks says no', () => {
  const drive = online();
  drive.asks('carol');
  drive.key('alt-2');
  drive.enter('/leave');
  expect(drive.told('reject')).toEqual([{ do: 'reject', chat: groupId('chat of carol') }]);
  expect(drive.tabs()).toEqual(['#lobby']);
});

test('no two commands answer to the same word', () => {
  const words = COMMANDS.flatMap(({ name, aliases }) => [name, ...aliases]);
  expect(new Set(words).size).toBe(words.length);
});
