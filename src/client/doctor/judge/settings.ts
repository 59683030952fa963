import { type Finding, findings } from './finding.ts';

export interface SettingsFacts {
  /** The client's file, and a server's: whether each is there, and what is wrong with it, each with its place. */
  readonly files: readonly { readonly path: string; readonly isThere: boolean; readonly faults: readonly string[] }[];
  /** What else is wrong: a variable, a file that is named, what was remembered. */
  readonly others: readonly string[];
}

const { ok, problem } = findings('settings');

/** The client does without what it can't read; a server takes all of its file or nothing. */
const mendOf = (path: string): string =>
  path.endsWith('/server.toml')
    ? 'mend the line; until then no server starts with it, and one that runs keeps what it has'
    : 'mend the line; until then it does not count';

export function judgeSettings({ files, others }: SettingsFacts): readonly Finding[] {
  return [
    ...files.flatMap(({ path, isThere, faults }) => {
      if (faults.length > 0) return faults.map((fault) => problem(fault, mendOf(path)));
      return isThere ? [ok(`${path} holds no mistake`)] : [];
    }),
    ...others.map((line) => problem(line)),
  ];
}
