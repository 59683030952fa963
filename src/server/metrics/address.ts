import { addressText } from '../../link/address.ts';

/** Where the figures are served. */
export type MetricsAddress =
  | { readonly kind: 'port'; readonly host: string; readonly port: number }
  | { readonly kind: 'path'; readonly path: string };

/** As it is typed: `127.0.0.1:9100`, `unix:/run/uchat.sock`. */
export const metricsText = (address: MetricsAddress): string =>
  address.kind === 'path' ? `unix:${address.path}` : addressText(address);
