import { type Finding, findings } from './finding.ts';

export interface SettingsFacts {
  /** The client's file, and a server's: whether each is there, and what is wrong with it, each with its place. */
  readonly files: readonly { readonly path: string; readonly isThere: boolean; readonly faults: readonly string[] }[];
  /** What else is wrong: a variable, a file that is named, what was remembered. */
  readonly others: readonly string[];
}

const { ok, problem } = findings('settings');

export function judgeSettings({ files, others }: SettingsFacts): readonly Finding[] {
  return [
    ...files.flatMap(({ path, isThere, faults }) => {
      if (faults.length > 0)
        return faults.map((fault) => problem(fault, 'mend the line; until then it does not count'));
      return isThere ? [ok(`${path} holds no mistake`)] : [];
    }),
    ...others.map((line) => problem(line)),
  ];
}
