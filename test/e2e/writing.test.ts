import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { need } from '../need.ts';
import { openStage } from './harness/open-stage.ts';
import { pause } from './harness/wait.ts';

/** Milliseconds in which a letter doesn't answer a question that has just come. */
const READING_MS = 500;
const PASTED = Array.from({ length: 8 }, (_, i) => (i === 3 ? '/quit' : `pasted line ${i + 1}`)).join('\n');

describe.runIf(need(['tmux']))('in tmux', () => {
  test('a paste of many lines is asked about, and is one message', async () => {
    const stage = openStage();
    const server = await stage.server('--guests');
    const [alice, bob] = await stage.guests(server, ['alice', 'bob'], { inside: 'tmux' });
    alice.type('see ').paste(PASTED);
    await alice.waitFor('s sends it to #lobby');
    // Nothing has been sent, and nothing done, by what it says.
    expect(bob.screen().join('\n')).not.toContain('pasted line');
    await pause(READING_MS);
    alice.press('s');
    await bob.waitFor('pasted line 8');
    await bob.waitFor('/quit');
    await alice.waitUntilGone('sending');
    const { stdout } = await stage.run(server, ['history', 'lobby', '--json'], { as: 'carol' });
    const texts = stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line): unknown => (JSON.parse(line) as { text: unknown }).text);
    expect(texts).toEqual([`see ${PASTED}`]);
  });

  test('the editor has the terminal and the keys, the chat goes on meanwhile, and what was written is in the line', async () => {
    const stage = openStage();
    const server = await stage.server('--guests');
    const [bob] = await stage.guests(server, ['bob']);
    const run = stage.newFolder('run');
    const editor = join(stage.folder, 'editor');
    const script = ['#!/bin/sh', 'echo "$1 has:"', 'cat "$2"', 'read -r answer', 'echo "$answer" >>"$2"'];
    writeFileSync(editor, `${script.join('\n')}\n`, { mode: 0o755 });
    const [alice] = await stage.guests(server, ['alice'], {
      inside: 'tmux',
      env: { EDITOR: `${editor} "the editor"`, XDG_RUNTIME_DIR: run },
    });
    alice.type('a draft').press('alt-e');
    await alice.waitFor(/the editor has:(.*\n)+.*a draft/);
    // It is the terminal as it was before the chat.
    expect(alice.screen().join('\n')).not.toContain('#lobby');
    expect(readdirSync(run)).toHaveLength(1);
    bob.say('said meanwhile');
    await bob.waitUntilGone('sending');
    expect(alice.screen().join('\n')).not.toContain('meanwhile');
    alice.say('and a line from the editor');
    await alice.waitFor((lines) => lines.at(-2)?.trim() === 'and a line from the editor');
    await alice.waitFor(/~bob +said meanwhile/);
    expect(alice.screen().at(-3)).toBe('> a draft');
    expect(readdirSync(run)).toEqual([]);
    alice.press('enter');
    await bob.waitFor('and a line from the editor');
  });
});

test('a draft outlives the terminal that it was written in', async () => {
  const stage = openStage();
  const server = await stage.server('--guests');
  const [alice] = await stage.guests(server, ['alice']);
  alice.type('what I was about to sa');
  await alice.waitFor('about to sa');
  alice.hangUp();
  await alice.ended();
  const [again] = await stage.guests(server, ['alice']);
  await again.waitFor('> what I was about to sa');
  again.say('y');
  await again.waitFor(/~alice +what I was about to say/);
});
