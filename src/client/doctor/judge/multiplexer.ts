/** What stands between uchat and the terminal that one looks at. */
import { type Finding, findings } from './finding.ts';

export interface TmuxFacts {
  /** Of the server that we are in: `3.4`. */
  readonly version: string;
  /** By their names in tmux; a missing one is one that this tmux doesn't know. */
  readonly options: ReadonlyMap<string, string>;
  /** Whether the terminal that tmux is shown in was taken for UTF-8. */
  readonly clientUtf8: boolean | undefined;
}

/** What tmux is asked for, by its own names. */
export const TMUX_OPTIONS = [
  'allow-passthrough',
  'set-clipboard',
  'focus-events',
  'escape-time',
  'default-terminal',
] as const;

const tmux = findings('tmux');

const isOn = (value: string | undefined): boolean => value === '1' || value === 'on' || value === 'all';
/** Milliseconds after which Esc is felt to be late. */
const SLOW_ESCAPE_MS = 100;

/** @param facts undefined: we are inside of it, and it didn't answer. */
export function judgeTmux(facts: TmuxFacts | undefined): readonly Finding[] {
  if (facts === undefined)
    return [tmux.note('we are inside of tmux, and it does not answer', 'is $TMUX that of a tmux that has ended?')];
  const { version, options, clientUtf8 } = facts;
  const value = (name: (typeof TMUX_OPTIONS)[number]): string | undefined => options.get(name);
  const found: Finding[] = [];
  if (clientUtf8 === false)
    found.push(
      tmux.problem(
        'tmux takes your terminal for one without UTF-8: letters beyond ASCII are shown as _',
        'detach, and attach with tmux -u attach, or with a UTF-8 locale',
      ),
    );
  // Before 3.3 it let everything through, and had no such option.
  const passes = value('allow-passthrough') === undefined || isOn(value('allow-passthrough'));
  if (!passes)
    found.push(
      tmux.note(
        'allow-passthrough is off: notifications do not reach your desktop; the bell does',
        'set -g allow-passthrough on, in ~/.tmux.conf',
      ),
    );
  // What is copied goes both ways.
  if (!passes && value('set-clipboard') !== 'on')
    found.push(
      tmux.note(
        `set-clipboard is ${value('set-clipboard') ?? 'off'}: what you copy in uchat does not reach your clipboard`,
        'set -s set-clipboard on, in ~/.tmux.conf; or allow-passthrough, as above',
      ),
    );
  if (value('focus-events') !== undefined && !isOn(value('focus-events')))
    found.push(
      tmux.note(
        'focus-events is off: uchat takes a pane that you do not look at for one that you read',
        'set -g focus-events on, in ~/.tmux.conf; then detach and attach',
      ),
    );
  const escape = Number(value('escape-time'));
  if (escape > SLOW_ESCAPE_MS)
    found.push(
      tmux.note(`escape-time is ${escape} ms: so long each Esc waits`, 'set -s escape-time 20, in ~/.tmux.conf'),
    );
  const terminal = value('default-terminal');
  if (terminal !== undefined && !/256color|direct/.test(terminal))
    found.push(
      tmux.note(
        `default-terminal is ${terminal}, which has 8 colours`,
        'set -g default-terminal tmux-256color, in ~/.tmux.conf, for new panes',
      ),
    );
  return [tmux.ok(`inside of tmux ${version}`), ...found];
}

export interface ScreenFacts {
  /** `4.09.00`; undefined: it doesn't say. */
  readonly version: string | undefined;
  /** Whether this window is in UTF-8, as `screen -Q info` says; undefined: it doesn't answer. */
  readonly utf8: boolean | undefined;
  /** Of its settings files: what they say of the alternate screen. Off where they say nothing. */
  readonly altScreen: boolean;
}

const screen = findings('screen');

export function judgeScreen({ version, utf8, altScreen }: ScreenFacts): readonly Finding[] {
  const found: Finding[] = [screen.ok(`inside of GNU screen${version === undefined ? '' : ` ${version}`}`)];
  if (utf8 === false)
    found.push(
      screen.problem(
        'this window of screen is not in UTF-8: letters beyond ASCII come out wrong',
        'attach with screen -U, and put defutf8 on into ~/.screenrc for new windows',
      ),
    );
  if (!altScreen)
    found.push(
      screen.note(
        'screen keeps no second screen: what stood there before uchat is gone when it ends',
        'altscreen on, in ~/.screenrc',
      ),
    );
  found.push(
    screen.note(
      'screen tells nobody whether you look at it: what comes into a window counts as read while uchat shows it',
      'tmux tells it, with focus-events',
    ),
  );
  return found;
}

export interface RemoteFacts {
  /** The address that ssh says one comes from. */
  readonly ssh: string | undefined;
  readonly mosh: { readonly version: string | undefined } | undefined;
}

/** mosh passes OSC 52 on from this version on, and all colours. */
const MOSH_WITH_CLIPBOARD = 1.4;

export function judgeRemote({ ssh, mosh }: RemoteFacts): readonly Finding[] {
  if (mosh === undefined) return ssh === undefined ? [] : [findings('ssh').ok(`over ssh from ${ssh}`)];
  const { ok, note } = findings('mosh');
  const { version } = mosh;
  const found = [ok(`over mosh${version === undefined ? '' : ` ${version}`}`)];
  found.push(
    note('mosh passes no notifications, links and focus on; the bell it does', 'inside of tmux focus is known'),
  );
  if (version !== undefined && Number.parseFloat(version) < MOSH_WITH_CLIPBOARD)
    found.push(
      note(`mosh ${version} passes no clipboard on, and 256 colours at most`, 'version 1.4 does, on both machines'),
    );
  return found;
}
