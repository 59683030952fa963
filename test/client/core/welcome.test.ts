import { describe, expect, test } from 'vitest';
import { type Memory, NO_MEMORY } from '../../../src/client/core/memory.ts';
import { Drive, info } from './drive.ts';

function online(memory: Memory = NO_MEMORY): Drive {
  const drive = new Drive({ memory });
  drive.login([info('#lobby')]);
  return drive;
}

describe('what to know at the first start', () => {
  test('is shown until somebody writes', () => {
    const drive = online();
    drive.key('left', 'f1');
    drive.key('f1');
    drive.hear('#lobby', 1, 'hi');
    expect(drive.state.welcoming).toBe(true);
    drive.type('h');
    expect(drive.state.welcoming).toBe(false);
    drive.key('backspace');
    expect(drive.state.welcoming).toBe(false);
  });

  test('or reads back, which shows first what it lay over', () => {
    const drive = online();
    for (let i = 1; i <= 60; i++) drive.hear('#lobby', i, 'line');
    drive.key('pageup');
    expect(drive.state.welcoming).toBe(false);
    expect(drive.tab().scroll.kind).toBe('tail');
    drive.key('pageup');
    expect(drive.tab().scroll.kind).toBe('at');
    drive.key('alt-end');
    expect(drive.state.welcoming).toBe(false);
  });

  test('and at no other start, though nobody has written', () => {
    const drive = online();
    drive.key('left');
    expect(online(drive.state.memory).state.welcoming).toBe(false);
  });

  test('but where nobody has pressed a key, nobody has read it', () => {
    const drive = online();
    drive.hear('#lobby', 1, 'hi');
    expect(drive.state.memory.welcomed).toBeUndefined();
    expect(online(drive.state.memory).state.welcoming).toBe(true);
  });

  test('not before the server has let us in', () => {
    const drive = new Drive({ memory: NO_MEMORY });
    drive.event({ type: 'start' });
    expect(drive.state.memory.welcomed).toBeUndefined();
  });
});
