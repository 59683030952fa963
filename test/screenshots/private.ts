/** The private chats of the pictures: asked, verified, relayed, not encrypted, and a key that has changed. */
import { answer, ask, encrypted, goTo } from '../e2e/harness/chat.ts';
import type { Typist } from '../e2e/harness/typist.ts';

export interface PrivateScenes {
  readonly alice: Typist;
  readonly bob: Typist;
  readonly carol: Typist;
  readonly dave: Typist;
  /** As the server calls them. */
  readonly names: { readonly alice: string; readonly bob: string; readonly carol: string; readonly dave: string };
  /** bob, who has left, at a device that nobody has seen. */
  readonly elsewhere: () => Promise<Typist>;
  readonly draw: (name: string, client: Typist) => void;
}

/** A line in the private chat with somebody who looks at it, too. */
async function tells(from: Typist, to: Typist, text: string): Promise<void> {
  from.say(text);
  // The rest may stand on another row.
  await to.waitFor(text.slice(0, 24));
}

async function verified({ alice, bob, names, draw }: PrivateScenes): Promise<void> {
  await ask(alice, bob, { asker: names.alice, asked: names.bob });
  await goTo(bob, `=${names.alice}`);
  await bob.waitFor('[a] accept');
  await answer(bob, 'a');
  for (const client of [alice, bob]) await client.waitFor(encrypted('direct'));
  for (const client of [alice, bob]) {
    client.say(`/verify ${client === alice ? names.bob : names.alice}`);
    await client.waitFor('[v]');
  }
  draw('private-verify', alice);
  for (const client of [alice, bob]) {
    await answer(client, 'v');
    await client.waitFor(/encrypted · direct · verified/);
  }
  await tells(alice, bob, 'are you there?');
  await tells(bob, alice, 'I am. Is it about the review?');
  await tells(alice, bob, 'about your laptop: it was found in the train, with the lid open');
  await tells(bob, alice, 'then I had better get a new one, and a new key with it');
  alice.type('it is at the front de');
  await alice.waitFor('front de');
  draw('private', alice);
  alice.press('ctrl-u');
}

async function relayed({ alice, carol, names, draw }: PrivateScenes): Promise<void> {
  await ask(carol, alice, { asker: names.carol, asked: names.alice });
  await goTo(alice, `=${names.carol}`);
  await alice.waitFor('[o] accept, hide my address');
  draw('private-asked', alice);
  await answer(alice, 'o');
  for (const client of [alice, carol]) await client.waitFor(encrypted('relayed'));
  await tells(carol, alice, 'only between us: frank leaves at the end of the month');
  await tells(alice, carol, 'I thought so');
  draw('private-relayed', alice);
}

async function notEncrypted({ alice, dave, names, draw }: PrivateScenes): Promise<void> {
  await ask(dave, alice, { asker: names.dave, asked: names.alice }, '--plain');
  await goTo(alice, `=${names.dave}`);
  await alice.waitFor('[a] accept, not encrypted');
  draw('private-asked-plain', alice);
  await answer(alice, 'a');
  await alice.waitFor('--plain');
  alice.press('enter');
  for (const client of [alice, dave]) await client.waitFor('the private chat begins, and is NOT ENCRYPTED');
  await tells(dave, alice, 'lunch is at half past twelve, anybody may know');
  draw('private-not-encrypted', alice);
}

async function changed(scenes: PrivateScenes): Promise<void> {
  const { alice, bob, names, draw } = scenes;
  bob.say('/quit');
  await bob.waitFor('Ctrl-C once more');
  bob.press('ctrl-c');
  await bob.ended();
  const again = await scenes.elsewhere();
  await goTo(alice, `=${names.bob}`);
  await ask(again, alice, { asker: names.bob, asked: names.alice });
  await alice.waitFor(/KEY CHANGED: nothing is sent until you/);
  await alice.waitFor('[r] reject');
  draw('private-key-changed', alice);
}

/** All four are in, and alice's screen is as large as the pictures. */
export async function drawPrivate(scenes: PrivateScenes): Promise<void> {
  await verified(scenes);
  await relayed(scenes);
  await notEncrypted(scenes);
  await changed(scenes);
}
