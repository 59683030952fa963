import { err, ok, type Result } from '../../base/result.ts';
import * as fields from '../../protocol/fields.ts';
import { parse } from '../../protocol/schema.ts';
import { firstWord } from './words.ts';

/** Whom a ban hits, `bob`, `uid 1001` or `10.0.0.7`, and what follows. */
export function targetAndRest(args: string, usage: string): Result<{ target: string; rest: string }, string> {
  const [first, after] = firstWord(args);
  if (first === '') return err(`whom? Write ${usage}`);
  const [number, rest] = firstWord(after);
  const byUid = first.toLowerCase() === 'uid' && /^\d+$/.test(number);
  const target = parse(fields.banTarget, byUid ? `uid ${number}` : first.replace(/^@/, ''));
  if (!target.ok) return err(`"${first}" is nobody to ban: write ${usage}`);
  return ok({ target: target.value, rest: byUid ? rest : after });
}
