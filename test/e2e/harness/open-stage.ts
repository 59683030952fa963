import { onTestFinished } from 'vitest';
import { Stage } from './stage.ts';

/**
 * A stage for one test, closed when that ends, however it does.
 * @param logins more users of this host, for which it takes root.
 */
export function openStage(...logins: readonly string[]): Stage {
  const stage = new Stage(...logins);
  onTestFinished(() => stage.close());
  return stage;
}
