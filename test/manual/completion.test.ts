import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from '@lydell/node-pty';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { completionScript } from '../../src/manual/completion/script.ts';
import { offerOf } from '../../src/manual/terms.ts';
import { MODE_NAMES, MODES, optionsOf, SHELLS } from '../../src/usage/modes.ts';
import { SERVER } from '../../src/usage/options.ts';
import { need } from '../need.ts';

/** Shells that a machine, and a CI, may well not have: without them the suite says so and is skipped. */
const installed = (shell: string): boolean =>
  need(shell, { path: process.env.PATH ?? '', ci: false, say: (line) => console.warn(line) });

const WORDS = MODE_NAMES.filter((name) => name !== 'default');
const SERVERS = ['10.0.0.7:99', '[2001:db8::1]:99', '[::1]:2428', 'box.example:2428'];

let home: string;
let env: Record<string, string>;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'uchat-completion-'));
  for (const shell of SHELLS) writeFileSync(join(home, `uchat.${shell}`), completionScript(shell) ?? '');
  const data = join(home, 'data', 'uchat');
  mkdirSync(data, { recursive: true });
  writeFileSync(
    join(data, 'known_servers'),
    // The third is what nobody but an attacker writes: it must not be run, and not even be offered.
    '# mine\nbox.example:2428 SHA256:x\n$(touch${IFS}pwned)`touch${IFS}pwned` SHA256:x\n[2001:db8::1]:99 SHA256:y certificate\n',
  );
  writeFileSync(join(data, 'client.json'), '{"version":1,"server":{"host":"::1","port":2428},"name":"al"}\n');
  const themes = join(home, '.config', 'uchat', 'themes');
  mkdirSync(themes, { recursive: true });
  for (const name of ['grey-on-grey.toml', 'grey$(touch pwned).toml', 'grey.txt'])
    writeFileSync(join(themes, name), '');
  mkdirSync(join(home, 'work', 'a folder'), { recursive: true });
  writeFileSync(join(home, 'work', 'a file.toml'), '');
  env = {
    HOME: home,
    PATH: process.env.PATH ?? '',
    XDG_DATA_HOME: join(home, 'data'),
    UCHAT_SERVER: '10.0.0.7:99',
    LC_ALL: 'C.UTF-8',
    TERM: 'xterm',
  };
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** As readline tears a line apart: at blanks, and at each run of `:` and `=`, which are words of their own. */
const torn = (line: string): string[] => [
  ...(line.match(/[:=]+|(?:\\.|[^\s:=])+/g) ?? []),
  ...(/[\s:=]$/.test(line) ? [''] : []),
];

const DRIVER = `source "$1"
COMP_WORDBREAKS=$' \\t\\n"\\'><=;|&(:'
COMP_LINE=$2 COMP_POINT=\${#2}
shift 2
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_uchat uchat
[[ $(complete -p uchat) == 'complete -F _uchat uchat' ]] || exit 9
((\${#COMPREPLY[@]} == 0)) || printf '%s\\n' "\${COMPREPLY[@]}"`;

/** What bash would offer where this was typed. */
function bash(line: string): readonly string[] {
  const { status, stdout, stderr } = spawnSync(
    'bash',
    ['--norc', '--noprofile', '-c', DRIVER, 'bash', join(home, 'uchat.bash'), line, ...torn(line)],
    { env, cwd: join(home, 'work'), encoding: 'utf8' },
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout.split('\n').slice(0, -1).toSorted();
}

describe.runIf(need('bash'))('in bash', () => {
  test.each<readonly [line: string, offered: readonly string[]]>([
    ['uchat sen', ['send']],
    ['uchat ', [...WORDS, ...SERVERS]],
    ['uchat bo', ['box.example:2428']],
    // readline itself keeps what stands before the colon.
    ['uchat box.example:2', ['2428']],
    ['uchat [2001:db8', ['db8::1]:99']],
    ['uchat box ', []],
    ['uchat --user send ', [...WORDS, ...SERVERS]],
    ['uchat send bob ', []],
    ['uchat --guest send --js', []],
    ['uchat tail --js', ['--json']],
    ['uchat --json who --si', ['--since']],
    ['uchat send --pass', ['--passphrase-file', '--password-file']],
    ['uchat send --server ', SERVERS],
    ['uchat send --server=[::', ['1]:2428']],
    ['uchat forget-server b', ['box.example:2428']],
    ['uchat --registration ', []],
    ['uchat --serve --reg', ['--registration']],
    ['uchat --serve --registration ', ['closed', 'invite', 'open']],
    ['uchat --serve --registration=i', ['invite']],
    ['uchat --serve --rate-limit ', ['off', 'on']],
    ['uchat --serve --us', []],
    ['uchat --serve ', []],
    ['uchat --host-l', []],
    ['uchat --away-after ', []],
    ['uchat --theme grey', ['grey-on-grey']],
    ['uchat --theme=hi', ['high-contrast']],
    ['uchat --theme a', ['auto']],
    ['uchat completion ', [...SHELLS]],
    ['uchat --config a', ['a file.toml', 'a folder']],
    ['uchat --config=a', ['a file.toml', 'a folder']],
    ['uchat --config a\\ fi', ['a file.toml']],
    ['uchat --data a', ['a folder']],
    ['uchat backup a', ['a file.toml', 'a folder']],
    ['uchat restore --force a', ['a file.toml', 'a folder']],
    ['uchat backup it --fo', ['--force']],
    ['uchat -- sen', []],
    ['uchat send -- --', []],
  ])('%s is completed', (line, offered) => {
    // What takes a value takes it whatever the mode: that it is none of this one's uchat itself says.
    const expected = line === 'uchat --registration ' ? ['closed', 'invite', 'open'] : offered;
    expect(bash(line)).toEqual([...expected].toSorted());
  });

  test('servers are those of the data folder that was typed', () => {
    mkdirSync(join(home, 'other'), { recursive: true });
    writeFileSync(join(home, 'other', 'known_servers'), 'elsewhere:1 SHA256:z\n');
    const expected = ['10.0.0.7:99', 'elsewhere:1'];
    expect(bash(`uchat forget-server --data ${join(home, 'other')} `)).toEqual(expected);
    expect(bash(`uchat forget-server --data=${join(home, 'other')} `)).toEqual(expected);
    expect(bash('uchat forget-server --data ~/other ')).toEqual(expected);
  });

  test('nothing that a file of servers holds is run', () => {
    bash('uchat ');
    bash('uchat $');
    expect(spawnSync('ls', [join(home, 'work')], { encoding: 'utf8' }).stdout).not.toContain('pwned');
  });

  test('Tab on a real command line puts the word there', async () => {
    const args = ['--norc', '--noprofile', '-i'];
    const shell = spawn('bash', args, { cols: 100, rows: 10, env: { ...env, PS1: '> ' }, cwd: join(home, 'work') });
    let shown = '';
    const seen = async (words: string): Promise<void> => {
      if (shown.includes(words)) return;
      await new Promise<void>((resolve) => {
        const listening = shell.onData(() => {
          if (!shown.includes(words)) return;
          listening.dispose();
          resolve();
        });
      });
    };
    shell.onData((data) => {
      shown += data;
    });
    const ended = new Promise((resolve) => {
      shell.onExit(resolve);
    });
    // `echo` in place of uchat, to be told what came of it.
    shell.write(`source ${join(home, 'uchat.bash')}; complete -F _uchat echo\r`);
    shell.write('echo --serve --registration=cl\t--config a\\ fi\tend\r');
    await seen('--serve --registration=closed --config a file.toml end');
    shell.write('echo box.example:2\tend\r');
    await seen('box.example:2428 end');
    shell.write('exit\r');
    await ended;
  });
});

describe.runIf(installed('fish'))('in fish', () => {
  const fish = (line: string): readonly string[] =>
    spawnSync('fish', ['-N', '-c', `source ${join(home, 'uchat.fish')}; complete -C ${JSON.stringify(line)}`], {
      env,
      cwd: join(home, 'work'),
      encoding: 'utf8',
    })
      .stdout.split('\n')
      .slice(0, -1)
      .map((each) => each.split('\t')[0] ?? '')
      .toSorted();

  test.each<readonly [line: string, offered: readonly string[]]>([
    ['uchat sen', ['send']],
    ['uchat ', [...WORDS, ...SERVERS]],
    ['uchat send bob ', []],
    ['uchat tail --js', ['--json']],
    ['uchat send --server ', SERVERS],
    ['uchat --serve --registration ', ['closed', 'invite', 'open']],
    ['uchat --serve --us', []],
    ['uchat --theme grey', ['grey-on-grey']],
    ['uchat completion ', [...SHELLS]],
    ['uchat --config a', ['a file.toml', 'a folder/']],
    ['uchat -- ', []],
  ])('%s is completed', (line, offered) => {
    expect(fish(line)).toEqual([...offered].toSorted());
  });
});

test.runIf(installed('zsh'))('zsh takes the script', () => {
  const { status, stderr } = spawnSync('zsh', ['-f', '-n', join(home, 'uchat.zsh')], { env, encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

test.each(SHELLS)('the script for %s names every word, and every option with what it takes', (shell) => {
  const script = completionScript(shell) ?? '';
  for (const word of WORDS) expect(script).toMatch(new RegExp(`(^|[\\s'])${word}\\b`, 'm'));
  for (const mode of MODE_NAMES)
    for (const [name, option] of Object.entries(optionsOf(MODES[mode]))) {
      expect(script).toMatch(new RegExp(shell === 'fish' ? `-l ${name} ` : `--${name}\\b`));
      const offer = offerOf(option);
      if (typeof offer === 'object') for (const word of offer) expect(script).toContain(word);
    }
  expect(Object.keys(SERVER).length).toBeGreaterThan(10);
});

test('there is none for a shell that nobody has written one for', () => {
  expect(completionScript('csh')).toBeUndefined();
  expect(completionScript('')).toBeUndefined();
});

test('an option of one name takes the same in every mode, since a shell may not know the mode yet', () => {
  const kinds = new Map<string, string>();
  for (const mode of MODE_NAMES)
    for (const [name, { kind, value }] of Object.entries(optionsOf(MODES[mode]))) {
      const what = `${String(kind)} ${value ?? ''}`;
      expect(kinds.get(name) ?? what).toBe(what);
      kinds.set(name, what);
    }
});

test('whatever is named after a file or a folder is completed as one', () => {
  for (const mode of MODE_NAMES)
    for (const [name, option] of Object.entries(optionsOf(MODES[mode]))) {
      if (/-file$|^tls-|^config$/.test(name)) expect(offerOf(option)).toBe('files');
      if (name === 'data') expect(offerOf(option)).toBe('folders');
      if (name === 'theme') expect(offerOf(option)).toBe('themes');
    }
});
