import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { COMMANDS } from '../../src/client/commands/index.ts';
import { DEFAULT_KEYMAP, keysOf } from '../../src/client/keys/bound.ts';
import { KEYMAP } from '../../src/client/keys/keymap.ts';
import { manual } from '../../src/manual/manual.ts';
import { bold, escaped, filled, prose, sentence } from '../../src/manual/roff.ts';
import { VARIABLES } from '../../src/usage/environment.ts';
import { EXIT_STATUSES } from '../../src/usage/exit-status.ts';
import { FILES } from '../../src/usage/files.ts';
import { ALL_OPTIONS, MODE_NAMES } from '../../src/usage/modes.ts';
import { need } from '../need.ts';

const ROOT = dirname(dirname(import.meta.dirname));
const PAGE = manual(packageJson.version);
/** Programs that a machine, and a CI, may well not have. */
const installed = (program: string): boolean =>
  need(program, { path: process.env.PATH ?? '', ci: false, say: (line) => console.warn(line) });

/** What a reader sees, blanks run together: from macros of man(7) and the few escapes that we write. */
const shown = (page: string): string =>
  page
    .replaceAll(/\\f[BIR]|\\%|\\&/g, '')
    .replaceAll(/\\\[u([0-9A-F]{4,6})\]/g, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16)))
    .replaceAll(
      /\\\((aq|ga|ha|ti|dq)/g,
      (_, name: string) => ({ aq: "'", ga: '`', ha: '^', ti: '~', dq: '"' })[name] ?? '',
    )
    .replaceAll('\\-', '-')
    .replaceAll('\\e', '\\')
    .replaceAll(/\s+/g, ' ');

function section(title: string): string {
  const [, text = ''] = new RegExp(`^\\.SH ${title}\\n(.*?)(?=^\\.SH |(?![^]))`, 'ms').exec(PAGE) ?? [];
  return shown(text);
}

test('man/uchat.1 is what npm run manual makes', () => {
  const isSame = readFileSync(join(ROOT, ...packageJson.man), 'utf8') === PAGE;
  expect(isSame, 'it is not: run npm run manual').toBe(true);
});

test('it has the sections that a manual has, in their order', () => {
  expect([...PAGE.matchAll(/^\.SH (.*)$/gm)].map(([, title]) => title)).toEqual([
    'NAME',
    'SYNOPSIS',
    'DESCRIPTION',
    'OPTIONS',
    'COMMANDS',
    'KEYS',
    'EXIT STATUS',
    'ENVIRONMENT',
    'FILES',
    'EXAMPLES',
    'SECURITY',
    'SEE ALSO',
  ]);
});

test('every option, word, command, key, status, variable and file is in it', () => {
  for (const name of Object.keys(ALL_OPTIONS)) expect(section('OPTIONS')).toContain(`--${name} `);
  for (const name of MODE_NAMES) if (name !== 'default') expect(section('SYNOPSIS')).toContain(`uchat ${name}`);
  for (const { name, aliases, help } of COMMANDS) {
    for (const word of [name, ...aliases]) expect(section('COMMANDS')).toContain(`/${word}`);
    expect(section('COMMANDS').toLowerCase()).toContain(help.toLowerCase());
  }
  for (const { words, name } of KEYMAP) {
    expect(section('KEYS').toLowerCase()).toContain(words.toLowerCase());
    const [first] = keysOf(DEFAULT_KEYMAP, name);
    if (!/^(move-)?tab-\d/.test(name) && first !== undefined) expect(section('KEYS')).toContain(first);
  }
  for (const { status, says } of EXIT_STATUSES)
    expect(section('EXIT STATUS')).toMatch(new RegExp(`${status} ${says}`, 'i'));
  for (const { name } of VARIABLES) expect(section('ENVIRONMENT')).toContain(name);
  for (const { path } of FILES) expect(section('FILES')).toContain(path);
});

test('what changes by the environment is among its variables', () => {
  const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  // Set by what we run in, not by a person: it tells what is around.
  const marks = ['TMUX', 'TMUX_PANE', 'STY', 'SSH_CONNECTION', 'SCREENRC', 'SYSSCREENRC', 'PATH', 'LC_TERMINAL'];
  marks.push('TERM_PROGRAM', 'TERM_PROGRAM_VERSION', 'VTE_VERSION');
  const known = new Set([...marks, ...VARIABLES.flatMap(({ name }) => name.split(', '))]);
  const used = files.flatMap((file) => {
    const text = readFileSync(join(ROOT, 'src', file), 'utf8');
    const taken = [...text.matchAll(/\{([^{}]*)\}(?:: Environment| = env;)/g)].map(([, names = '']) => names).join();
    return [...text.matchAll(/\benv\.([A-Z][A-Z_]+)\b/g), ...taken.matchAll(/\b([A-Z][A-Z_]{2,})\b/g)].map(
      ([, name = '']) => name,
    );
  });
  expect(used).toEqual(expect.arrayContaining(['UCHAT_SERVER', 'VISUAL', 'LANG', 'VTE_VERSION']));
  expect(used.filter((name) => !known.has(name))).toEqual([]);
});

test('nothing but ASCII comes out, no line is longer than 80 characters, and no text becomes a macro', () => {
  expect(PAGE).toMatch(/^[\n\x20-\x7e]*$/);
  const lines = PAGE.split('\n');
  const examples = new Set(PAGE.match(/^\.EX\n[^]*?^\.EE$/gm)?.flatMap((block) => block.split('\n')));
  for (const [at, line] of lines.entries()) {
    // What is to be typed is not broken, nor is the term of an item.
    if (!examples.has(line) && lines[at - 1] !== '.TP') expect(line.length).toBeLessThanOrEqual(80);
    expect(line).toMatch(/^(\.(TH|SH|SS|PP|TP|br|nh|ad|RS|RE|EX|EE|\\")( |$)|[^.']|$)/);
  }
});

describe('text as roff', () => {
  test('keeps what roff would read, or make something else of', () => {
    expect(escaped("a\\b -c 'd' `e` ^ ~ \"")).toBe('a\\eb \\-c \\(aqd\\(aq \\(gae\\(ga \\(ha \\(ti \\(dq');
    expect(escaped('.SH no macro')).toBe('\\&.SH no macro');
    expect(escaped('’ \u{1f44d}')).toBe('\\[u2019] \\[u1F44D]');
    expect(escaped('one\nline')).toBe('one line');
  });

  test('parts no word that is to be typed', () => {
    expect(bold('forget-server HOST')).toBe('\\fB\\%forget\\-server \\%HOST\\fR');
    expect(prose('see `uchat --help`.')).toBe('see \\fB\\%uchat \\%\\-\\-help\\fR.');
  });

  test('is filled, and a dot at the beginning of a line is none of a macro', () => {
    expect(filled(`${'word '.repeat(15)}and so on`)).toBe(`${'word '.repeat(15)}and\nso on`);
    const long = 'x'.repeat(78);
    expect(filled(`${long} .SH`)).toBe(`${long}\n\\&.SH`);
  });

  test('is a sentence, once', () => {
    expect(sentence('here')).toBe('Here.');
    expect(sentence('is it them?')).toBe('Is it them?');
  });
});

describe.runIf(installed('groff'))('groff', () => {
  test('reads it without a warning, and shows it in 80 columns', () => {
    const { status, stdout, stderr } = spawnSync('groff', ['-man', '-Tutf8', '-ww', '-P-c'], {
      input: PAGE,
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('uchat - full-screen terminal chat');
    // What is to be copied from it must be what is typed.
    expect(stdout).toContain("make 2>&1 | tail -1 | uchat send '#builds'");
  });
});

test.runIf(installed('mandoc'))('mandoc finds nothing in it but that it has no date', () => {
  const { stdout } = spawnSync('mandoc', ['-Tlint'], { input: PAGE, encoding: 'utf8' });
  expect(stdout.split('\n').filter((line) => line !== '' && !line.includes('missing date'))).toEqual([]);
});
