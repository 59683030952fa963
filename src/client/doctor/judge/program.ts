import { type Finding, findings } from './finding.ts';

export interface ProgramFacts {
  /** Of uchat. */
  readonly version: string;
  /** Of Node, without its v. */
  readonly node: string;
  readonly single: boolean;
  /** `linux x64` */
  readonly platform: string;
  /** Where Node keeps what it compiled: `fault` says why it can't. A single executable needs no such place. */
  readonly cache: { readonly folder: string; readonly fault?: string } | undefined;
}

const { ok, note } = findings('program');

export function judgeProgram({ version, node, single, platform, cache }: ProgramFacts): readonly Finding[] {
  const what = single ? 'a single executable with' : 'from source on';
  const running = ok(`uchat ${version}, ${what} Node ${node} (${platform})`);
  if (cache?.fault === undefined) return [running];
  const slow = note(
    `nothing can be kept in ${cache.folder} (${cache.fault}), so each start takes three times as long`,
    'make the folder one that you can write to, or set XDG_CACHE_HOME to another',
  );
  return [running, slow];
}
