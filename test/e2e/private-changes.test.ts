import { expect, test } from 'vitest';
import { haveKeys, openChat } from './harness/chat.ts';
import { openStage } from './harness/open-stage.ts';

const SIZE = { columns: 110, rows: 24 };

test('two people answer, correct, react to and delete what they say in private, in a chat and by mail', async () => {
  const stage = openStage();
  const server = await stage.server('--guests');
  const [alice, bob] = await stage.guests(server, ['alice', 'bob'], { size: SIZE });
  await haveKeys(alice, bob);
  await openChat(alice, bob, { asker: '~alice', asked: '~bob' });
  alice.type('lunch?');
  await bob.waitFor('~alice is typing');
  alice.press('enter');
  await bob.waitFor(/~alice +lunch\?/);
  bob.say('/reply at noon');
  await alice.waitFor(/~bob +.*~alice: lunch\?/);
  bob.say('/react 👍');
  await alice.waitFor('👍');
  alice.say('/correct lunch today?');
  await bob.waitFor(/~alice +lunch today\? .*edited/);
  bob.say('/delete').say('/delete');
  await alice.waitFor(/~bob +.*deleted/);
  expect(alice.screen().join('\n')).not.toContain('at noon');

  alice.say('/msg ~bob the disk is full');
  await bob.waitFor('~alice+1*');
  bob.say('/msg ~alice');
  await bob.waitFor('the disk is full');
  alice.say('/correct the disk is nearly full');
  await bob.waitFor('the disk is nearly full');
  bob.say('/react 👀');
  await alice.waitFor('👀');
});
