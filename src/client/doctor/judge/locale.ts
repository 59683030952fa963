import { type Finding, findings } from './finding.ts';

export interface LocaleFacts {
  /** The variable that decides, and what it holds; undefined: none is set. */
  readonly by: { readonly variable: 'LC_ALL' | 'LC_CTYPE' | 'LANG'; readonly value: string } | undefined;
  /** Whether uchat takes it for UTF-8, which it does by the name. */
  readonly utf8: boolean;
  /** What the C library makes of it, as `locale charmap` says; undefined: it can't be asked. */
  readonly charmap: string | undefined;
}

const { ok, note, problem } = findings('locale');

export function judgeLocale({ by, utf8, charmap }: LocaleFacts): readonly Finding[] {
  const set = by === undefined ? 'no locale is set' : `${by.variable}=${by.value}`;
  if (!utf8)
    return [
      problem(
        `${set}, which is not UTF-8: signs are ASCII, and letters beyond it are shown as ?`,
        'put export LANG=C.UTF-8 into ~/.profile (LC_ALL, where it is set, comes before it), and log in again',
      ),
    ];
  if (charmap !== undefined && !/^utf-?8$/i.test(charmap))
    return [
      note(
        `${set} names a locale that this host does not have: uchat shows all letters, but tmux, screen and editors may not`,
        `install it (Debian: dpkg-reconfigure locales), or take one that is there: export ${by?.variable ?? 'LANG'}=C.UTF-8`,
      ),
    ];
  return [ok(`UTF-8 (${set})`)];
}
