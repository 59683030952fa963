import { type Finding, findings } from './finding.ts';

export interface EditorFacts {
  /** What $VISUAL or $EDITOR holds. */
  readonly command: string | undefined;
  /** Whether its first word is a program on $PATH; undefined: more than a shell is needed to tell. */
  readonly isFound: boolean | undefined;
}

const { ok, note } = findings('editor');

export function judgeEditor({ command, isFound }: EditorFacts): Finding {
  if (command === undefined)
    return note('no editor is chosen, so /edit has none', 'export EDITOR=nano, or another, in ~/.profile');
  if (isFound === false)
    return note(`there is no program ${command}, which /edit would start`, 'put another into VISUAL or EDITOR');
  return ok(`/edit starts ${command}`);
}
