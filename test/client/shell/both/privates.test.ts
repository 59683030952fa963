/** Private chats and mail with somebody on the network, while one is on a server. */
import { expect, test } from 'vitest';
import { ok } from '../../../../src/base/result.ts';
import { memoryLinks } from '../../../../src/link/memory.ts';
import { memoryVault } from '../../../../src/peer/memory-vault.ts';
import { createMessenger } from '../../../../src/peer/messenger.ts';
import type { Messenger } from '../../../../src/peer/messenger-ports.ts';
import type { PrivateEvent } from '../../../../src/peer/private.ts';
import { decodeServerMessage, encode } from '../../../../src/protocol/codec.ts';
import { clock, type Person } from '../../../lan/hub/world.ts';
import { clientId, user } from '../../core/drive.ts';
import { meanwhile, Scene } from './scene.ts';

/** Their own client there, without a screen. */
class Client {
  readonly events: PrivateEvent[] = [];
  readonly messenger: Messenger;

  constructor(person: Person) {
    const [ours, theirs] = memoryLinks();
    let ids = 0;
    this.messenger = createMessenger({
      clock,
      newId: () => clientId(`theirs-${++ids}`),
      vault: memoryVault(person.identity),
      direct: undefined,
      byKey: true,
      send: (message) => ours.write(encode(message)),
      tell: (event) => this.events.push(event),
      fault: (error) => {
        throw error;
      },
      write: (path) => ok(path),
    });
    person.hub.accept(theirs);
    ours.listen({
      frame: (line) => {
        const message = decodeServerMessage(line);
        if (!message.ok) return;
        this.messenger.receive(message.value);
        if (message.value.type === 'welcome') this.messenger.online(message.value.user, { visible: true });
      },
      fault: () => undefined,
      drained: () => undefined,
      closed: () => undefined,
    });
    ours.write(encode({ type: 'hello', version: 1, auth: { method: 'host' } }));
    ours.write(encode({ type: 'who', follow: true }));
  }

  of<K extends PrivateEvent['type']>(type: K): Extract<PrivateEvent, { type: K }>[] {
    return this.events.filter((event): event is Extract<PrivateEvent, { type: K }> => event.type === type);
  }
}

async function scene(): Promise<{ s: Scene; bob: Client }> {
  const s = new Scene();
  await s.on('ali');
  const bob = new Client(await s.world.comes('bob'));
  s.logIn(['dave']);
  await s.lanOn();
  return { s, bob };
}

test('a private message goes to whom it is for by the network, and what they answer is in the same tab', async () => {
  const { s, bob } = await scene();
  await s.enter('/msg bob.lan hello bob');
  await meanwhile(() => bob.of('mail').length > 0);
  expect(bob.of('mail')).toMatchObject([{ from: 'ali', text: 'hello bob' }]);
  await meanwhile(() => s.drive.texts('bob.lan').length === 1);

  bob.messenger.command({ do: 'mail', id: clientId('answer'), to: user('ali'), text: 'hello ali, says bob' });
  await meanwhile(() => s.drive.texts('bob.lan').length === 2);
  expect(s.drive.messages('bob.lan').map(({ from, text }) => `${from}: ${text}`)).toEqual([
    'alice: hello bob',
    'bob.lan: hello ali, says bob',
  ]);
  // The server and its messenger have heard of nothing.
  expect(s.toMessenger.filter((command) => command.do === 'mail')).toEqual([]);
  expect(s.toServer.filter(({ type }) => type === 'mail' || type === 'received')).toEqual([]);
});

test('mail that nobody has looked at is kept by our program there, and no longer than that', async () => {
  const { s, bob } = await scene();
  await s.enter('/msg bob.lan hello');
  await meanwhile(() => s.drive.texts('bob.lan').length === 1);
  await s.enter('/go #lobby');
  bob.messenger.command({ do: 'mail', id: clientId('unread'), to: user('ali'), text: 'are you there?' });
  await meanwhile(() => s.drive.texts('bob.lan').length === 2);
  expect(s.me.store.mail()).toHaveLength(1);
  await s.enter('/go bob.lan');
  await meanwhile(() => s.me.store.mail().length === 0);
});

test('a private chat is asked for, opened and ended on the network, and its words name people as they are called here', async () => {
  const { s, bob } = await scene();
  await s.enter('/private bob.lan');
  await meanwhile(() => bob.of('chat').some(({ status }) => status.kind === 'asked'));
  const { chat } = bob.of('chat')[0]!;
  bob.messenger.command({ do: 'accept', chat, hideAddress: false });
  await meanwhile(() => s.drive.chat('bob.lan').status.kind === 'open');
  await s.enter('psst');
  await meanwhile(() => bob.of('said').length > 0);
  expect(bob.of('said')).toMatchObject([{ text: 'psst' }]);
  bob.messenger.command({ do: 'say', chat, id: clientId('said'), text: 'bob here' });
  await meanwhile(() => s.drive.texts('=bob.lan').length === 2);
  expect(s.drive.texts('=bob.lan')).toEqual(['psst', 'bob here']);
  bob.messenger.command({ do: 'end', chat });
  await meanwhile(() => s.drive.chat('bob.lan').status.kind === 'ended');
  const said = s.drive.notices('=bob.lan').join('\n');
  expect(said).toContain('bob.lan');
  expect(said.replaceAll('bob.lan', '')).not.toContain('bob');
});

test('a number is compared, and what is advised then can be given as a command', async () => {
  const { s, bob } = await scene();
  await s.enter('/msg bob.lan hello');
  await meanwhile(() => bob.of('mail').length > 0);
  await s.enter('/verify bob.lan');
  await meanwhile(() => s.drive.state.overlay?.kind === 'verify');
  expect(s.drive.state.overlay).toMatchObject({ person: 'bob.lan' });
  s.happens({ type: 'key', key: { kind: 'key', name: 'escape' } });
  await s.enter('/accept-key bob.lan');
  await meanwhile(() => s.drive.notices('bob.lan').length > 0);
  expect(s.drive.notices('bob.lan').at(-1)).toBe('there is no new key of bob.lan');
});

test('while the network is off, what is for somebody there is refused in words that say how to come there', async () => {
  const { s } = await scene();
  await s.enter('/lan off');
  await meanwhile(() => s.left === 1);
  await s.enter('/msg bob.lan hello');
  await meanwhile(() => s.drive.person('bob.lan').pending.some(({ state }) => state.kind === 'refused'));
  expect(s.drive.person('bob.lan').pending).toMatchObject([{ state: { text: 'the local network is off: /lan on' } }]);
});
