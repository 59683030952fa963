import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { homeFolder } from '../../shell/files.ts';
import { type RemoteFacts, type ScreenFacts, TMUX_OPTIONS, type TmuxFacts } from '../judge/multiplexer.ts';
import { answerOf } from './command.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Between the values of one answer: none of them holds it. */
const SEPARATOR = '|';

/** As formats, in which an option's name gives its value for our pane, from wherever it is set. */
const FORMAT = ['version', 'client_utf8', ...TMUX_OPTIONS].map((name) => `#{${name}}`).join(SEPARATOR);

/** @returns undefined where it doesn't answer. */
export async function tmuxFacts(env: Environment): Promise<TmuxFacts | undefined> {
  const pane = env.TMUX_PANE;
  const target = pane === undefined || !/^%\d+$/.test(pane) ? [] : ['-t', pane];
  const answer = await answerOf('tmux', ['display-message', '-p', ...target, FORMAT]);
  const [version, utf8, ...values] = answer?.trimEnd().split(SEPARATOR) ?? [];
  if (version === undefined || version === '') return undefined;
  const options = TMUX_OPTIONS.map((name, at): [string, string] => [name, values[at] ?? '']);
  return {
    version,
    // An option that this tmux doesn't know is an empty word.
    options: new Map(options.filter(([, value]) => value !== '')),
    clientUtf8: utf8 === '1' ? true : utf8 === '0' ? false : undefined,
  };
}

/** Bytes of a settings file of screen; people's have a few thousand. */
const MAX_SETTINGS = 1_000_000;

/** The last word on the alternate screen; undefined: none. */
function altScreenIn(path: string): boolean | undefined {
  try {
    const text = readFileSync(path, 'utf8').slice(0, MAX_SETTINGS);
    const [, word] = [...text.matchAll(/^[ \t]*altscreen[ \t]+"?(on|off)\b/gm)].at(-1) ?? [];
    return word === undefined ? undefined : word === 'on';
  } catch {
    return undefined;
  }
}

export async function screenFacts(env: Environment): Promise<ScreenFacts> {
  const [version, info] = await Promise.all([answerOf('screen', ['-v']), answerOf('screen', ['-Q', 'info'])]);
  const files = [env.SYSSCREENRC ?? '/etc/screenrc', env.SCREENRC ?? join(homeFolder(), '.screenrc')];
  return {
    version: /version (\S+)/.exec(version ?? '')?.[1],
    utf8: info === undefined || info.trim() === '' ? undefined : /\bUTF-8\b/.test(info),
    altScreen: files.map(altScreenIn).findLast((word) => word !== undefined) ?? false,
  };
}

/** Processes above us that are looked at: a shell in a shell in an editor … */
const MAX_ABOVE = 64;

/** Whether a program of this name is above us. Linux only. */
function isAbove(name: string): boolean {
  try {
    let pid = process.ppid;
    for (let steps = 0; pid > 1 && steps < MAX_ABOVE; steps += 1) {
      // The name stands in parentheses, and may hold some itself.
      const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
      const [, command = '', parent = '0'] = /^\d+ \((.*)\) \S (\d+)/s.exec(stat) ?? [];
      if (command === name) return true;
      pid = Number(parent);
    }
  } catch {
    // No /proc, or a process that is hidden from us.
  }
  return false;
}

export async function remoteFacts(env: Environment): Promise<RemoteFacts> {
  // What surrounds a multiplexer is whatever it was started from, and may have changed since.
  const isInside = Boolean(env.TMUX) || Boolean(env.STY);
  const mosh = !isInside && isAbove('mosh-server');
  const version = mosh ? await answerOf('mosh-server', ['--version']) : undefined;
  return {
    ssh: isInside ? undefined : env.SSH_CONNECTION?.split(' ')[0] || undefined,
    mosh: mosh ? { version: /mosh (\d+\.\d+)/.exec(version ?? '')?.[1] } : undefined,
  };
}
