/** Asks for a password, and says on standard output what came, for the test beside it; the way it ends is an argument. */
import { createHash } from 'node:crypto';
import { askPassword } from '../../../src/client/shell/read-password.ts';

const [way] = process.argv.slice(2);
if (way === 'throw')
  setTimeout(() => {
    throw new Error('out of luck');
  }, 300);
if (way === 'exit') setTimeout(() => process.exit(3), 300);
const asked = await askPassword('password: ');
switch (asked.kind) {
  case 'password':
    // What a test may see is its hash, so that an echo can be told from it.
    console.log(`came ${createHash('sha256').update(asked.password.reveal()).digest('hex')}`);
    break;
  case 'failed':
    console.log(`failed ${asked.text}`);
    break;
  case 'interrupted':
  case 'ended':
    console.log(`came ${asked.kind}`);
}
if (way === 'twice') {
  const line = await new Promise((resolve) => {
    process.stdin.once('data', resolve).resume();
  });
  console.log(`then ${String(line).trim()}`);
  process.stdin.pause();
}
