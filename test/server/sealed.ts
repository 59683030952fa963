/** Devices, key packages and sealed mail as the server sees them: it can't open any, so they are made of nothing. */
import type { DeviceId, GroupId } from '../../src/base/ids.ts';
import type { Sealed } from '../../src/protocol/fields.ts';

/** A device by a short name. */
export const deviceOf = (name: string): DeviceId => name.padEnd(42, '_').padEnd(43, 'A') as DeviceId;
export const groupOf = (name: string): GroupId => name.padEnd(21, '_').padEnd(22, 'A') as GroupId;
/** A sealed message that is known again by a word. */
export const sealedOf = (word: string, more: Partial<Sealed> = {}): Sealed => ({
  from: deviceOf('alice1'),
  group: groupOf('group'),
  seq: 1,
  message: word,
  ...more,
});
/** Mail as a client sends it; the message inside is `sealed-ID`. */
export const mailTo = (to: string, device: string, id: string, message = `sealed-${id}`) => ({
  type: 'mail',
  id,
  to,
  device: deviceOf(device),
  sealed: sealedOf(message),
});
/** A session says which device it is, with key packages of these names. */
export const sayDevice = (device: string, packages: readonly string[] = []) => ({
  type: 'device',
  device: deviceOf(device),
  packages,
});
/** So many names of key packages. */
export const packagesOf = (device: string, count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, i) => `${device}-package-${from + i}`);
