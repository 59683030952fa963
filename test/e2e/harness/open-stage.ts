import { onTestFinished } from 'vitest';
import { stageWithCache } from './compile-cache.ts';
import type { Stage } from './stage.ts';

/**
 * A stage for one test, closed when that ends, however it does.
 * @param logins more users of this host, for which it takes root.
 */
export function openStage(...logins: readonly string[]): Stage {
  const stage = stageWithCache(logins);
  onTestFinished(() => stage.close());
  return stage;
}
