import { describe, expect, test } from 'vitest';
import { BLOCK_AFTER_MS, BLOCK_WITHIN_MS, blockWake } from '../../../src/client/core/blocking.ts';
import { nextWake } from '../../../src/client/core/wake.ts';
import { Drive, info, sent } from './drive.ts';

const online = (): Drive => {
  const drive = new Drive();
  drive.login([info('#lobby')]);
  return drive;
};

const ended = { kind: 'ended', text: 'you ended the chat' } as const;

const blocked = (drive: Drive): string[] =>
  sent(drive.effects).flatMap((message) => (message.type === 'block' ? [message.user] : []));

const later = (drive: Drive, ms: number): void => {
  drive.pass(ms);
  drive.tick();
};

describe('to block somebody', () => {
  test('ends the private chat with them first, and the block follows when it has ended', () => {
    const drive = online();
    const chat = drive.talk('bob');
    drive.enter('/block bob');
    expect(drive.told('end')).toEqual([{ do: 'end', chat }]);
    expect([blocked(drive), drive.input()]).toEqual([[], '']);
    drive.chatIs('bob', ended, { chat });
    expect(blockWake(drive.state)).toBe(drive.mono + BLOCK_AFTER_MS);
    expect(nextWake(drive.state)).toBeLessThanOrEqual(drive.mono + BLOCK_AFTER_MS);
    later(drive, BLOCK_AFTER_MS - 1);
    expect(blocked(drive)).toEqual([]);
    later(drive, 1);
    later(drive, BLOCK_WITHIN_MS);
    expect(blocked(drive)).toEqual(['bob']);
  });

  test('does not wait for long for a chat that does not come to its end', () => {
    const drive = online();
    drive.talk('bob');
    drive.enter('/block bob');
    drive.enter('/block bob');
    expect(drive.told('end')).toHaveLength(1);
    later(drive, BLOCK_WITHIN_MS);
    expect(blocked(drive)).toEqual(['bob']);
  });

  test('says no to their request, and takes back ours', () => {
    const drive = online();
    drive.asks('carol');
    drive.enter('/block carol');
    expect(drive.told('reject')).toMatchObject([{ chat: 'chat of carol' }]);
    drive.enter('/private bob');
    drive.enter('/block bob');
    expect(drive.told('end')).toHaveLength(1);
    expect(drive.chat('bob').status.kind).toBe('ended');
    expect(blocked(drive)).toEqual([]);
    later(drive, BLOCK_AFTER_MS);
    expect(blocked(drive)).toEqual(['bob']);
    later(drive, BLOCK_WITHIN_MS);
    expect(blocked(drive)).toEqual(['bob', 'carol']);
  });

  test('goes at once where there is nothing to end, and before one leaves', () => {
    const drive = online();
    drive.enter('/block carol');
    expect(blocked(drive)).toEqual(['carol']);
    drive.talk('bob');
    drive.enter('/block bob');
    drive.enter('/quit');
    expect(sent(drive.effects).slice(-2)).toMatchObject([{ type: 'block', user: 'bob' }, { type: 'bye' }]);
  });

  test('is told not to have been done where the connection breaks meanwhile', () => {
    const drive = online();
    drive.talk('bob');
    drive.enter('/block bob');
    drive.event({ type: 'linkDown', text: 'gone' });
    later(drive, BLOCK_WITHIN_MS);
    expect(blocked(drive)).toEqual([]);
    expect(drive.state.hint?.text).toContain('bob is not blocked');
  });

  test('in another terminal ends the chat in this one, once', () => {
    const drive = online();
    const chat = drive.talk('bob');
    drive.asks('carol');
    drive.ignored(['bob', 'carol']);
    drive.ignored(['bob', 'carol', 'dave']);
    expect(drive.told('end')).toEqual([{ do: 'end', chat }]);
    expect(drive.told('reject')).toMatchObject([{ chat: 'chat of carol' }]);
  });
});
