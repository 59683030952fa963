import { expect, test } from 'vitest';
import { openStage } from './harness/open-stage.ts';

test('what is kept no longer goes while people talk, and whoever reads back or asks is told', async () => {
  const stage = openStage();
  const server = await stage.server('--guests', '--rate-limit', 'off', '--keep', '10kB');
  const [alice] = await stage.guests(server, ['alice']);
  const input = Array.from({ length: 120 }, (_, i) => `line ${i + 1}; ${'x'.repeat(90)}`).join('\n');
  expect((await stage.run(server, ['send', 'lobby'], { as: 'writer', input })).status).toBe(0);
  await alice.waitFor('line 120;');
  const history = async () => await stage.run(server, ['history', 'lobby', '--limit', '200'], { as: 'writer' });
  await expect.poll(async () => (await history()).stdout.includes('line 1;'), { timeout: 20_000 }).toBe(false);
  const { stdout, stderr } = await history();
  expect(stdout).toContain('line 120;');
  expect(stderr).toBe('uchat: older messages are no longer kept\n');
  // What is on the screen stays; who comes now reads back to where it begins.
  const [bob] = await stage.guests(server, ['bob']);
  await bob.waitFor('line 120;');
  bob.press('alt-home');
  await bob.waitFor('older messages are no longer kept');
  bob.press('alt-end');
  await bob.waitFor('line 120;');
  bob.type('/keep');
  bob.press('enter');
  await bob.waitFor('messages of #lobby are kept up to 10 kB');
});
