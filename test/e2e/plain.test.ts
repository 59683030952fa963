import { expect, test } from 'vitest';
import { openStage } from './harness/open-stage.ts';
import { OWN_NAME } from './harness/stage.ts';

test('two people talk in lines, also in private, and compare their numbers', async () => {
  const stage = openStage();
  const server = await stage.server('--guests');
  const [anna, ben] = ['anna', 'ben'].map((name) => stage.script(undefined, [server.address, '--plain'], { as: name }));
  if (anna === undefined || ben === undefined) throw new Error('nobody came');
  for (const one of [anna, ben])
    await one.waitFor('the connection', () => one.stdout.includes('connected to') || undefined);
  anna.write('good morning\n');
  await ben.waitFor('the morning', () => /\d\d:\d\d ~anna: good morning\n/.test(ben.stdout) || undefined);
  anna.write('/private ~ben\n');
  await ben.waitFor('the question', () => ben.stdout.includes('/accept ~anna or /reject ~anna') || undefined);
  ben.write('/accept ~anna\n');
  await anna.waitFor('the chat', () => /~ben: end-to-end encrypted/.test(anna.stdout) || undefined);
  anna.write('psst\n');
  await ben.waitFor(
    'the secret',
    () => /\[private chat, ~anna, encrypted, not verified\] \d\d:\d\d ~anna: psst\n/.test(ben.stdout) || undefined,
  );
  // What one says tells the other that all before it has come.
  ben.write('heard\n');
  await anna.waitFor('the answer', () => /~ben: heard\n/.test(anna.stdout) || undefined);
  anna.write('and so have I\n');
  await ben.waitFor('the end', () => /~anna: and so have I\n/.test(ben.stdout) || undefined);
  ben.write('bye\n');
  await anna.waitFor('the good-bye', () => /~ben: bye\n/.test(anna.stdout) || undefined);
  anna.write('/end ~ben\n');
  await ben.waitFor('that it ended', () => /~anna ended the chat/.test(ben.stdout) || undefined);
  anna.write('/verify ~ben\n');
  await anna.waitFor('the numbers', () => /\n(\d{5} ){11}\d{5}\n/.test(anna.stdout) || undefined);
  for (const one of [anna, ben]) {
    one.write('/quit\n');
    expect((await one.finished()).status).toBe(0);
    expect(one.stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  }
});

test('a pipe says its lines, waits until they are stored, and ends', async () => {
  const stage = openStage();
  const server = await stage.server();
  const said = await stage.run(undefined, [server.address, '--plain'], { input: 'one\ntwo\n' });
  expect(said.status).toBe(0);
  const asked = await stage.run(undefined, [server.address, '--plain'], { input: '/passphrase\ncorrect horse\n' });
  expect(asked).toMatchObject({ status: 1, stderr: expect.stringContaining('1 line was not taken') });
  const { stdout } = await stage.run(server, ['history', 'lobby']);
  expect(stdout.match(new RegExp(`${OWN_NAME}: (one|two)`, 'g'))).toHaveLength(2);
  expect(stdout).not.toContain('horse');
});
