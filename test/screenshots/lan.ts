/** The pictures of the chat without a server: four people on one network, two of them called bob, and two in private. */
import { answer, ask, encrypted, goTo } from '../e2e/harness/chat.ts';
import { freePort, type Stage } from '../e2e/harness/stage.ts';
import type { Typist } from '../e2e/harness/typist.ts';

type Draw = (name: string, client: Typist) => void;

/** A line said in the lobby, and seen by all. */
async function tell(from: Typist, everybody: readonly Typist[], text: string): Promise<void> {
  from.say(text);
  for (const one of everybody) await one.waitFor(text.replace(/^\/\w+ \S+ /, '').slice(0, 16));
}

/** What this one calls the second bob whom they have met. */
function otherBob(one: Typist): string {
  const [name] = /\bbob-[0-9a-f]+/.exec(one.screen().join('\n')) ?? [];
  if (name === undefined) throw new Error(`no other bob in:\n${one.screen().join('\n')}`);
  return name;
}

async function inPrivate(alice: Typist, bob: Typist, draw: Draw): Promise<void> {
  await ask(alice, bob, { asker: 'alice', asked: 'bob' });
  await goTo(bob, '=alice');
  await bob.waitFor('[a] accept');
  await answer(bob, 'a');
  const both = [alice, bob] as const;
  for (const client of both) await client.waitFor(encrypted('direct'));
  for (const client of both) {
    client.say(`/verify ${client === alice ? 'bob' : 'alice'}`);
    await client.waitFor('[v]');
  }
  for (const client of both) {
    await answer(client, 'v');
    await client.waitFor(/encrypted · direct · verified/);
  }
  await tell(alice, both, 'is it you who has the spare key, or the other bob?');
  await tell(bob, both, 'it is me. Compare the numbers if in doubt');
  await tell(alice, both, 'we just have. Then put it under the mat, I come by at five');
  await tell(bob, both, 'done, and nobody in between has heard of it');
  alice.type('thanks! Dinner is on');
  await alice.waitFor('Dinner is on');
  draw('lan-private', alice);
}

export async function drawLan(stage: Stage, draw: Draw): Promise<void> {
  const port = await freePort();
  const enter = async (home: string, name: string): Promise<Typist> => {
    const args = ['--lan', '--user', name, '--lan-port', String(port)];
    const client = stage.client(undefined, { person: `lan-${home}`, args });
    await client.waitFor(/^ lan\b/m);
    return client;
  };
  const alice = await enter('alice', 'alice');
  const bob = await enter('bob', 'bob');
  await alice.waitFor('● bob');
  const carol = await enter('carol', 'carol');
  await alice.waitFor('● carol');
  const three = [alice, bob, carol];
  await tell(alice, three, 'morning! Has anybody reached the server today?');
  await tell(bob, three, 'no, the line to the outside is down until noon');
  await tell(carol, three, 'then we stay among ourselves: this needs nothing but our own network');

  const other = await enter('other-bob', 'bob');
  const everybody = [...three, other];
  await alice.waitFor(/● bob-\w+/);
  await tell(other, everybody, 'hello from the second floor, I am bob as well');
  const named = otherBob(alice);
  await tell(alice, everybody, `welcome, ${named}! The list tells you two apart`);
  await tell(bob, everybody, `/reply ${otherBob(bob)} is the printer up there alive?`);
  await tell(other, everybody, 'it is, and I have told nobody');
  // She doesn't press a key.
  await alice.waitFor('◐ carol');
  await tell(bob, everybody, 'I am coming up with coffee');
  other.press('right');
  alice.type('bring me one, plea');
  await alice.waitFor('one, plea');
  for (const name of ['alice', 'bob', named]) await alice.waitFor(`● ${name}`);
  draw('lan', alice);
  alice.press('ctrl-u');
  await inPrivate(alice, bob, draw);
}
