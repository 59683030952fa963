import { isUtf8 } from '../../terminal/environment.ts';
import type { LocaleFacts } from '../judge/locale.ts';
import { answerOf } from './command.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export async function localeFacts(env: Environment): Promise<LocaleFacts> {
  const variable = (['LC_ALL', 'LC_CTYPE', 'LANG'] as const).find((name) => env[name]);
  const charmap = (await answerOf('locale', ['charmap']))?.trim();
  return {
    by: variable === undefined ? undefined : { variable, value: env[variable] ?? '' },
    utf8: isUtf8(env),
    charmap: charmap === '' ? undefined : charmap,
  };
}
