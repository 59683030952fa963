import { accessSync, constants } from 'node:fs';
import { getCompileCacheDir } from 'node:module';
import { isSea } from 'node:sea';
import { systemWords } from '../../shell/files.ts';
import type { ProgramFacts } from '../judge/program.ts';

/** @param cache the folder in which Node was told to keep what it compiles. */
export function programFacts(version: string, cache: string): ProgramFacts {
  const single = isSea();
  return {
    version,
    node: process.versions.node,
    single,
    platform: `${process.platform} ${process.arch}`,
    cache: single ? undefined : cacheFacts(cache),
  };
}

function cacheFacts(folder: string): NonNullable<ProgramFacts['cache']> {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return getCompileCacheDir() === undefined ? { folder, fault: 'Node does not use it' } : { folder };
  } catch (error) {
    return { folder, fault: systemWords(error) };
  }
}
