/**
 * What is known of the terminal, and what it takes: first by the environment, then by its own answers. Over SSH of the
 * environment no more than TERM comes through, so the answers decide.
 */

type Environment = Readonly<Record<string, string | undefined>>;

/** What stands between us and the terminal around it, and takes care of its own screen. */
type Multiplexer = 'tmux' | 'screen';

export interface Kind {
  readonly inside: Multiplexer | undefined;
  /** It reads operating system commands (OSC); others might print them. */
  readonly commands: boolean;
  /** Its name and version, in lower case, as far as they are known: `kitty(0.35.2)`. */
  readonly name: string;
}

/** Terminals that are known to read OSC, by their TERM. */
const WITH_COMMANDS =
  /^(xterm|screen|tmux|rxvt|alacritty|foot|kitty|st|gnome|vte|konsole|iterm|wezterm|ghostty|contour|mintty|putty)/;

/** Set by terminals for the programs in them; some still speak of the terminal around inside of tmux. */
const MARKS: Readonly<Record<string, string>> = {
  KITTY_WINDOW_ID: 'kitty',
  GHOSTTY_RESOURCES_DIR: 'ghostty',
  WEZTERM_PANE: 'wezterm',
  ITERM_SESSION_ID: 'iterm2',
  KONSOLE_VERSION: 'konsole',
  ALACRITTY_WINDOW_ID: 'alacritty',
  WT_SESSION: 'windows terminal',
};

function multiplexerOf({ TERM = '', TMUX, STY }: Environment): Multiplexer | undefined {
  if (TMUX || TERM.startsWith('tmux')) return 'tmux';
  // It was tmux's name as well, until that got one of its own; the answer to DA2 tells.
  return STY || TERM.startsWith('screen') ? 'screen' : undefined;
}

function nameOf(env: Environment): string {
  const { TERM = '', TERM_PROGRAM = '', TERM_PROGRAM_VERSION = '', LC_TERMINAL = '', VTE_VERSION } = env;
  if (LC_TERMINAL !== '') return LC_TERMINAL.toLowerCase();
  // Each multiplexer puts its own name there.
  if (TERM_PROGRAM !== '' && !/^(tmux|screen)$/.test(TERM_PROGRAM))
    return `${TERM_PROGRAM}(${TERM_PROGRAM_VERSION})`.toLowerCase();
  const mark = Object.keys(MARKS).find((name) => env[name]);
  if (mark !== undefined) return MARKS[mark] ?? '';
  return VTE_VERSION ? `vte(${VTE_VERSION})` : TERM.toLowerCase();
}

export function kindOf(env: Environment): Kind {
  return { inside: multiplexerOf(env), commands: WITH_COMMANDS.test(env.TERM ?? ''), name: nameOf(env) };
}

/** XTVERSION's answer: the terminal's own name, or that of tmux in it. */
export function named(kind: Kind, text: string): Kind {
  const name = text.toLowerCase();
  // What surrounds tmux is known by the environment alone, if at all.
  if (name.startsWith('tmux')) return { ...kind, inside: 'tmux', commands: true, name: `${kind.name} ${name}` };
  return { ...kind, inside: kind.inside === 'screen' ? 'screen' : undefined, commands: true, name };
}

/** The first number of DA2's answer: the initials of those that sit in between. */
const DEVICES: Readonly<Record<number, Multiplexer>> = { 83: 'screen', 84: 'tmux' };

export function answered(kind: Kind, numbers: readonly number[]): Kind {
  const inside = DEVICES[numbers[0] ?? 0];
  return inside === undefined ? kind : { ...kind, inside };
}

/** The command that makes the terminal tell something outside of its window; undefined: it knows none. */
export function notification({ commands, name }: Kind): 9 | 777 | undefined {
  if (!commands || /apple_terminal|alacritty|windows terminal|vscode/.test(name)) return undefined;
  // iTerm2's own, the only one it had for long. The others that have anything have rxvt's, with a title.
  return /iterm/.test(name) ? 9 : 777;
}

/** @returns 0 where it has said none. */
const versionIn = (name: string, pattern: RegExp): number => Number.parseFloat(pattern.exec(name)?.[1] ?? '0');

/** Whether it is known to take links (OSC 8); of what lies around tmux, tmux itself knows. */
export function takesLinks({ inside, commands, name }: Kind): boolean {
  if (!commands || inside === 'screen') return false;
  // Since 3.4; tmux says what it is, not only in TERM.
  if (inside === 'tmux') return versionIn(name, /tmux (?:next-)?(\d+\.\d+)/) >= 3.4;
  // Since 0.50.
  if (name.startsWith('vte')) return versionIn(name, /^vte\((\d+)/) >= 5000;
  return /kitty|foot|wezterm|ghostty|iterm|konsole|contour|alacritty|mintty|windows terminal|vscode|xterm\.js/.test(
    name,
  );
}
