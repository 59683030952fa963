/** The settings that the library runs with, shown by what they do: without our sessions around it. */
import { type ClientConfig, type ClientState, createApplicationMessage, processPrivateMessage } from 'ts-mls';
import { describe, expect, test } from 'vitest';
import { configFor } from '../../src/crypto/mls-suite.ts';
import { free } from './attacker.ts';
import { bytes, pair, stolen } from './pair.ts';

/** Three messages of Alice's, and Bob's state. */
async function three() {
  const { a, b } = await pair();
  const context = await free();
  let state = stolen(a, 'alice');
  const messages = [];
  for (const text of ['one', 'two', 'three']) {
    const made = await createApplicationMessage({ context, state, message: bytes(text) });
    state = made.newState;
    if (made.message.wireformat !== 2) throw new Error('no private message');
    messages.push(made.message.privateMessage);
  }
  const [one, two, last] = messages;
  if (!one || !two || !last) throw new Error('three were made');
  return { one, two, last, bob: stolen(b, 'bob') };
}

type Message = Awaited<ReturnType<typeof three>>['one'];

async function open(state: ClientState, privateMessage: Message, clientConfig?: ClientConfig) {
  const context = { ...(await free()), ...(clientConfig && { clientConfig }) };
  return processPrivateMessage({ context, state, privateMessage });
}

describe('keys of skipped messages', () => {
  test('are not kept: a thief of the state can’t open what never arrived', async () => {
    const { one, two, last, bob } = await three();
    const { newState } = await open(bob, last, configFor(0));
    for (const skipped of [one, two]) await expect(open(newState, skipped, configFor(0))).rejects.toThrow('past');
    for (const skipped of [one, two]) await expect(open(newState, skipped)).rejects.toThrow('past');
  });

  test('are kept by the library’s own settings, which is why ours are not those', async () => {
    const { one, last, bob } = await three();
    const { newState } = await open(bob, last);
    expect((await open(newState, one)).kind).toBe('applicationMessage');
  });

  test('are as few as was decided', () => {
    expect(configFor(0).keyRetentionConfig).toEqual({
      retainKeysForGenerations: 0,
      retainKeysForEpochs: 1,
      maximumForwardRatchetSteps: 4096,
    });
  });
});

test('every length of an item is padded to a multiple of 128 bytes', () => {
  for (let length = 0; length < 1000; length++) {
    const { paddingConfig } = configFor(length);
    if (paddingConfig.kind !== 'alwaysPad') throw new Error('padded otherwise');
    expect((length + paddingConfig.paddingLength) % 128).toBe(0);
    expect(paddingConfig.paddingLength).toBeLessThan(128);
  }
});
