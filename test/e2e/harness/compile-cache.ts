/**
 * Everybody on a stage has a home that nobody has used before, where each program would compile all of uchat anew: half of
 * its start. So their caches are one folder, which outlives the tests. Node knows by their content which files have changed.
 */
import { join } from 'node:path';
import { ROOT, Stage } from './stage.ts';

const CACHE_HOME = join(ROOT, 'node_modules', '.cache', 'uchat-e2e');
/** Where uchat lets Node keep what it has compiled. */
export const COMPILE_CACHE: string = join(CACHE_HOME, 'uchat');

/** A stage whose programs take from there, and put there what they have compiled when they end by themselves. */
export const stageWithCache = (logins: readonly string[]): Stage =>
  new Stage(...logins).giveAll({ XDG_CACHE_HOME: CACHE_HOME });
