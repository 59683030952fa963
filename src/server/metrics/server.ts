/** `--metrics`: the figures over HTTP/1.1, for Prometheus and whatever reads its format. Loaded only when it is wanted. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { err, ok, type Result } from '../../base/result.ts';
import { TokenBucket } from '../../base/token-bucket.ts';
import { addressText, isLoopback, systemCode } from '../../link/address.ts';
import type { Address } from '../../link/link.ts';
import type { Snapshot } from '../figures/snapshot.ts';
import { type MetricsAddress, metricsText } from './address.ts';
import { CONTENT_TYPE, exposition } from './exposition.ts';
import { familiesOf } from './families.ts';
import { lacksFolder, listenPrivately, removeStale } from './socket-path.ts';

/** `text` is one line for people. The codes are stable. */
export interface MetricsFailure {
  readonly code: 'metrics_in_use' | 'metrics_denied' | 'metrics_bad_address' | 'metrics_failed';
  readonly text: string;
}

export interface RunningMetrics {
  /** Where it listens, with the port that it was given: a URL, or `unix:PATH`. */
  readonly where: string;
  /** Whoever may reach it is not only of this host. */
  readonly isExposed: boolean;
  close(): void;
}

export interface MetricsParts {
  readonly read: () => Snapshot;
  /** Milliseconds, monotonic. */
  readonly monotonic: () => number;
}

const PATH = '/metrics';
/** Connections at once: two scrapers, and people who look; who comes beyond is cut off. */
const MAX_CONNECTIONS = 16;
/** Bytes of a request's line and headers: Prometheus sends 400. */
const MAX_HEADER_BYTES = 8 * 1024;
/** Milliseconds for a request to be whole. */
const REQUEST_WITHIN_MS = 5000;
/** Milliseconds between two looks at who takes longer. */
const LOOK_EVERY_MS = 2500;
/** Milliseconds that a connection stays open for the next scrape: Prometheus comes each 15 or 60 s. */
const KEEP_ALIVE_MS = 65_000;
/** Milliseconds without a byte in either direction while an answer is on its way. */
const IDLE_MS = 10_000;
/** Milliseconds that one reading of the figures is good for: asking often costs the chat nothing. */
const FRESH_MS = 1000;
/** Requests: several scrapers, and somebody who reloads a page. */
const REQUESTS = { burst: 40, perSecond: 10 } as const;

/** @returns once it listens. Never rejects. */
export async function openMetrics(
  address: MetricsAddress,
  parts: MetricsParts,
): Promise<Result<RunningMetrics, MetricsFailure>> {
  const answer = answerer(parts);
  const options = {
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: REQUEST_WITHIN_MS,
    requestTimeout: REQUEST_WITHIN_MS,
    connectionsCheckingInterval: LOOK_EVERY_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    noDelay: true,
  };
  const server = createServer(options, answer);
  server.maxConnections = MAX_CONNECTIONS;
  server.setTimeout(IDLE_MS);
  // Whoever holds connections without asking for anything shuts nobody out: the next try finds a place.
  server.on('drop', () => server.closeIdleConnections());
  const failed = await listen(server, address);
  if (failed !== undefined) return err(failed);
  // What goes wrong while it runs, too many open files for instance, is told by what the chat itself can't accept.
  server.on('error', () => undefined);
  // Its timers keep nobody alive.
  server.unref();
  return ok({
    where: whereOf(server, address),
    isExposed: address.kind === 'port' && !isLoopback(addressOf(server).host),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  });
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

function answerer({ read, monotonic }: MetricsParts): Answer {
  const requests = new TokenBucket(REQUESTS, monotonic());
  let body = Buffer.alloc(0);
  let readAt = Number.NEGATIVE_INFINITY;
  const figures = (): Buffer => {
    const now = monotonic();
    if (now - readAt >= FRESH_MS) {
      body = Buffer.from(exposition(familiesOf(read())));
      readAt = now;
    }
    return body;
  };
  return (request, response) => {
    // A body is not read: what it says can't matter, and waiting for it would be the sender's to end.
    if (request.headers['content-length'] !== undefined || request.headers['transfer-encoding'] !== undefined)
      response.shouldKeepAlive = false;
    const { method = '', url = '' } = request;
    const path = url.replace(/[?#].*$/s, '');
    if (!requests.take(monotonic())) {
      response.shouldKeepAlive = false;
      return say(response, 429, 'too many requests; once in some seconds is enough\n', { 'Retry-After': '1' });
    }
    if (path !== PATH) return say(response, 404, `the figures are at ${PATH}\n`);
    if (method !== 'GET' && method !== 'HEAD') return say(response, 405, 'GET or HEAD only\n', { Allow: 'GET, HEAD' });
    response.writeHead(200, { 'Content-Type': CONTENT_TYPE, ...plain(figures()) });
    response.end(method === 'HEAD' ? undefined : figures());
  };
}

const plain = (body: Uint8Array): Record<string, string | number> => ({
  'Content-Length': body.byteLength,
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
});

function say(response: ServerResponse, status: number, text: string, headers: Record<string, string> = {}): void {
  const body = Buffer.from(text);
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', ...plain(body), ...headers });
  response.end(body);
}

async function listen(server: Server, address: MetricsAddress): Promise<MetricsFailure | undefined> {
  if (address.kind === 'path') await removeStale(address.path);
  return await new Promise((resolve) => {
    server.once('listening', () => resolve(undefined));
    server.once('error', (error) => resolve(failureOf(systemCode(error), address)));
    try {
      if (address.kind === 'path') listenPrivately(server, address.path);
      else server.listen({ host: address.host, port: address.port });
    } catch (error) {
      resolve(failureOf(error instanceof Error ? error.message : String(error), address));
    }
  });
}

function failureOf(code: string, address: MetricsAddress): MetricsFailure {
  const text = (words: string): string => `--metrics ${metricsText(address)}: ${words}`;
  switch (code) {
    case 'EADDRINUSE':
      return { code: 'metrics_in_use', text: text('something else listens there; choose another address') };
    case 'EACCES':
    case 'EPERM':
      if (address.kind === 'path' && lacksFolder(address.path))
        return { code: 'metrics_bad_address', text: text('its folder is not there; make that first') };
      return { code: 'metrics_denied', text: text('this user may not listen there') };
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'ENOENT':
    case 'ENOTDIR':
    case 'EINVAL':
      return { code: 'metrics_bad_address', text: text(`this host has no such address (${code})`) };
    default:
      return { code: 'metrics_failed', text: text(`it can't be listened on (${code})`) };
  }
}

function addressOf(server: Server): Address {
  const address = server.address();
  return typeof address === 'object' && address !== null
    ? { host: address.address, port: address.port }
    : { host: '', port: 0 };
}

const whereOf = (server: Server, address: MetricsAddress): string =>
  address.kind === 'path' ? metricsText(address) : `http://${addressText(addressOf(server))}${PATH}`;
