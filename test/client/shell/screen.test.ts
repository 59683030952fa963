import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Stage } from '../../e2e/harness/stage.ts';
import { Typist } from '../../e2e/harness/typist.ts';

const PROGRAM = fileURLToPath(new URL('./stopping.ts', import.meta.url));

/** A shell with job control, and the program in its foreground. */
async function shell(): Promise<Typist> {
  const stage = new Stage();
  const typist = new Typist({
    command: ['bash', '--norc', '--noprofile', '-i'],
    env: { ...stage.environment(), PS1: 'ready> ', HISTFILE: '' },
    cwd: stage.folder,
  });
  onTestFinished(async () => {
    await typist.dispose();
    await stage.close();
  });
  await typist.waitFor('ready>');
  typist.say(`${process.execPath} ${PROGRAM}`);
  await typist.waitFor('the chat, and no keys');
  return typist;
}

const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);

const inChat = { screen: 'alternate', paste: 'bracketed', focus: 'reported', wrap: 'off' } as const;
const inShell = { screen: 'normal', focus: 'silent', wrap: 'on', cursor: 'visible' } as const;

describe('the terminal of a shell', () => {
  test("is the shell's while the program is stopped, and the program's again when it goes on", async () => {
    const typist = await shell();
    expect(typist.modes).toMatchObject(inChat);
    typist.type('z');
    await typist.waitFor(/Stopped/);
    expect(typist.modes).toMatchObject(inShell);
    typist.say('echo $((6 * 7)) in the shell');
    await typist.waitFor('42 in the shell');
    typist.say('fg');
    await typist.waitFor('the chat, and z');
    expect(typist.modes).toMatchObject(inChat);
    typist.type('a');
    await typist.waitFor('the chat, and za');
    typist.type('q');
    await typist.waitFor('42 in the shell');
    expect(typist.modes).toMatchObject(inShell);
  });

  test('is taken again where somebody else has stopped the program without a word', async () => {
    const typist = await shell();
    const [pid = 0] = childrenOf(typist.pid);
    process.kill(pid, 'SIGSTOP');
    await typist.waitFor(/Stopped/);
    typist.say('stty sane; printf "\\033[2J\\033[H\\033[?1004lcleared\\n"');
    await typist.waitFor((lines) => lines[0] === 'cleared');
    typist.say('fg');
    await typist.waitFor('the chat, and no keys');
    expect(typist.modes).toMatchObject(inChat);
    typist.type('b');
    await typist.waitFor('the chat, and b');
  });

  test("is the editor's while it runs, and what is typed is for it", async () => {
    const typist = await shell();
    typist.type('e');
    await typist.waitFor('the editor');
    expect(typist.modes).toMatchObject(inShell);
    typist.say('some words');
    await typist.waitFor('it got some words');
    // Meant for the editor, and no end of the chat.
    typist.press('ctrl-c');
    await typist.waitFor('the chat, and e');
    expect(typist.modes).toMatchObject(inChat);
    typist.type('c');
    await typist.waitFor('the chat, and ec');
  });
});
