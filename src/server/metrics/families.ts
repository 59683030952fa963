/**
 * The server's figures as Prometheus wants them, in its units and by its rules for names.
 *
 * No label carries the name of a user, a room or an address: whoever may read the figures need not be somebody who may
 * know them, and there could be thousands. Every label has few values, all of which are there from the start, so that a
 * rate is right from the first error on.
 */
import { ERROR_CODES } from '../../protocol/errors.ts';
import type { Snapshot } from '../figures/snapshot.ts';
import { counter, type Family, gauge, histogram, labelled, type Sample } from './exposition.ts';

/** Upper bounds (s): what people notice lies between 0.1 and 1. */
const COMMIT_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const BATCH_BUCKETS = [1, 4, 16, 64, 256, 1024, 4096, 16_384];

export function familiesOf(snapshot: Snapshot): Family[] {
  return [...chatFamilies(snapshot), ...storeFamilies(snapshot), ...processFamilies(snapshot)];
}

function chatFamilies(snapshot: Snapshot): Family[] {
  const { counts, sessions, online, away } = snapshot;
  const codes = Object.keys(ERROR_CODES).map((code) => [code, counts.refused.get(code) ?? 0] as const);
  return [
    counter('uchat_messages_total', 'Messages of rooms that were delivered, each counted once.', counts.messages),
    counter(
      'uchat_deliveries_total',
      'Lines sent to connections, each counted once for each of its readers.',
      snapshot.deliveries,
    ),
    gauge('uchat_connections', 'Connections that are open, logged in or not.', snapshot.connections),
    counter('uchat_connections_opened_total', 'Connections that were opened.', snapshot.connectionsEver),
    labelled('gauge', 'uchat_sessions', 'Connections by what they are at.', 'state', Object.entries(sessions)),
    labelled('gauge', 'uchat_users', 'People who are here.', 'state', [
      ['online', online],
      ['away', away],
    ]),
    gauge('uchat_rooms', 'Rooms that there are.', snapshot.roomCount),
    loginsFamily(snapshot),
    labelled('counter', 'uchat_refused_total', 'Errors that were sent, by their code.', 'code', codes),
    counter(
      'uchat_slow_readers_total',
      'Connections that were ended because they read too slowly.',
      counts.refused.get('too_slow') ?? 0,
    ),
    gauge('uchat_locked_out', 'Sources that are locked out of an account for wrong passwords.', snapshot.locked),
    gauge('uchat_outbox_waiting_bytes', 'Bytes that connections have not taken yet.', snapshot.outboxBytes),
    gauge(
      'uchat_outbox_waiting_largest_bytes',
      'Bytes that wait for the slowest of the connections.',
      snapshot.outboxMaxBytes,
    ),
    gauge('uchat_outbox_waiting_connections', 'Connections for which bytes wait.', snapshot.behind),
  ];
}

function loginsFamily({ counts }: Snapshot): Family {
  const samples = Object.entries(counts.logins).flatMap(([method, { ok, refused }]): Sample[] => [
    { labels: { method, result: 'ok' }, value: ok },
    { labels: { method, result: 'refused' }, value: refused },
  ]);
  return { name: 'uchat_logins_total', help: 'Log-ins that were looked at, by how.', type: 'counter', samples };
}

function storeFamilies({ work, process: { folder } }: Snapshot): Family[] {
  const { commits, batches, storeFailures, faults } = work;
  return [
    histogram('uchat_commit_seconds', 'Time that a message took to be durable.', commits, COMMIT_BUCKETS),
    histogram('uchat_commit_batch_calls', 'Calls in a transaction of the store.', batches, BATCH_BUCKETS),
    counter('uchat_store_failures_total', 'What the store could not do.', storeFailures),
    counter('uchat_faults_total', 'Faults of the server itself that it has survived.', faults),
    ...(folder === undefined
      ? []
      : [
          gauge('uchat_database_bytes', 'Size of the database, without its write-ahead log.', folder.database),
          gauge('uchat_wal_bytes', "Size of the database's write-ahead log.", folder.wal),
          gauge('uchat_data_folder_bytes', 'Size of all files of the data folder.', folder.all),
        ]),
  ];
}

function processFamilies({ process: { startedAt, cpuSeconds, resident, heapUsed, loop } }: Snapshot): Family[] {
  const quantiles: Sample[] =
    loop === undefined
      ? []
      : [
          { labels: { quantile: '0.5' }, value: loop.p50 },
          { labels: { quantile: '0.99' }, value: loop.p99 },
          { labels: { quantile: '1' }, value: loop.max },
        ];
  return [
    {
      name: 'uchat_event_loop_delay_seconds',
      help: 'Time by which the event loop comes late; quantiles of the last 10 s.',
      type: 'summary',
      samples: [
        ...quantiles,
        { suffix: '_sum', value: loop?.sumEver ?? 0 },
        { suffix: '_count', value: loop?.countEver ?? 0 },
      ],
    },
    gauge('uchat_heap_used_bytes', "Memory of the main thread's objects.", heapUsed),
    gauge('process_resident_memory_bytes', 'Resident memory size in bytes.', resident),
    counter('process_cpu_seconds_total', 'Total user and system CPU time spent in seconds.', cpuSeconds),
    gauge('process_start_time_seconds', 'Start time of the process since unix epoch in seconds.', startedAt / 1000),
  ];
}
