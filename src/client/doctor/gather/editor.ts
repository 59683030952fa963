import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { editorOf } from '../../shell/editor.ts';
import type { EditorFacts } from '../judge/editor.ts';

type Environment = Readonly<Record<string, string | undefined>>;

function isRunnable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export function editorFacts(env: Environment): EditorFacts {
  const command = editorOf(env);
  const [first = ''] = command?.trim().split(/\s+/) ?? [];
  // What a shell would make of anything else isn't ours to guess.
  if (!/^[\w./+-]+$/.test(first)) return { command, isFound: undefined };
  const folders = first.includes('/') ? [''] : (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return { command, isFound: folders.some((folder) => isRunnable(folder === '' ? first : join(folder, first))) };
}
