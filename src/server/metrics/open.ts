import { ok, type Result } from '../../base/result.ts';
import type { ConsoleEvent } from '../core/notice.ts';
import type { MetricsAddress } from './address.ts';
import type { MetricsFailure, MetricsParts } from './server.ts';

export interface Served {
  close(): void;
}

const NOTHING: Served = { close: () => undefined };

/**
 * Serves the figures where that is wanted, and says where.
 * @param address undefined: nowhere, and nothing is loaded.
 */
export async function serveFigures(
  address: MetricsAddress | undefined,
  parts: MetricsParts,
  notice: (event: ConsoleEvent) => void,
): Promise<Result<Served, MetricsFailure>> {
  if (address === undefined) return ok(NOTHING);
  const { openMetrics } = await import('./server.ts');
  const opened = await openMetrics(address, parts);
  if (!opened.ok) return opened;
  const { where, isExposed } = opened.value;
  notice({ kind: 'metrics', where });
  if (isExposed)
    notice({
      kind: 'warning',
      code: 'metrics_exposed',
      text: 'the figures are for everybody who reaches that address, without a password; they name nobody',
    });
  return opened;
}
