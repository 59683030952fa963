/**
 * What has a colour. A theme gives colours to roles, never to a part of the screen; a role that it doesn't name looks as
 * the one that it is like, so that a theme that was written before a role existed suits it as well.
 */
import type { Role } from '../view/cells.ts';

/** The roles of names. Which of them somebody has is computed of the name; how they look, of the theme's `nicks`. */
export const NICK_ROLES = [
  'nick0',
  'nick1',
  'nick2',
  'nick3',
  'nick4',
  'nick5',
  'nick6',
  'nick7',
  'nick8',
  'nick9',
  'nick10',
  'nick11',
] as const satisfies readonly Role[];

type NickRole = (typeof NICK_ROLES)[number];
/** The roles that a theme's file may name. */
export type NamedRole = Exclude<Role, NickRole>;

interface RoleInfo {
  /**
   * `text` is to be read: at least 4.5 to 1 against what it stands on (WCAG 2.2, 1.4.3). `quiet` is what should not call,
   * and lines: at least 3 to 1 (1.4.11).
   */
  readonly kind: 'text' | 'quiet';
  /** Looks like this one where a theme doesn't name it; the last of all is `text`. */
  readonly like?: NamedRole;
}

const ROLES = {
  text: { kind: 'text' },
  dim: { kind: 'quiet' },
  accent: { kind: 'text' },
  self: { kind: 'text' },
  time: { kind: 'quiet', like: 'dim' },
  day: { kind: 'quiet', like: 'dim' },
  unread: { kind: 'text', like: 'mention' },
  event: { kind: 'quiet', like: 'dim' },
  notice: { kind: 'text', like: 'accent' },
  error: { kind: 'text' },
  pending: { kind: 'quiet', like: 'dim' },
  mention: { kind: 'text', like: 'accent' },
  border: { kind: 'quiet', like: 'dim' },
  tab: { kind: 'text' },
  tabActive: { kind: 'text', like: 'selection' },
  tabActivity: { kind: 'text', like: 'tab' },
  status: { kind: 'text', like: 'tab' },
  statusWarn: { kind: 'text', like: 'alarm' },
  online: { kind: 'text' },
  away: { kind: 'text' },
  offline: { kind: 'quiet', like: 'dim' },
  input: { kind: 'text' },
  prompt: { kind: 'text', like: 'accent' },
  selection: { kind: 'text' },
  secure: { kind: 'text', like: 'online' },
  alarm: { kind: 'text', like: 'error' },
} as const satisfies Readonly<Record<NamedRole, RoleInfo>>;

export const roleInfo = (role: NamedRole): RoleInfo => ROLES[role];

export const isNamedRole = (name: string): name is NamedRole => Object.hasOwn(ROLES, name);

export const NAMED_ROLES: readonly NamedRole[] = Object.keys(ROLES).filter(isNamedRole);

/** What WCAG asks of each kind. */
export const LEAST_CONTRAST = { text: 4.5, quiet: 3 } as const;
