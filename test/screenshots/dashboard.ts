/** The pictures of the server's dashboard: a morning's figures, made by hand. */
import type { UnixMs } from '../../src/base/ids.ts';
import { EventLog } from '../../src/server/console/dashboard/event-log.ts';
import { CHART_SECONDS, Rate } from '../../src/server/console/dashboard/figures.ts';
import type { Choice } from '../../src/server/console/dashboard/layout.ts';
import { Output } from '../../src/server/console/dashboard/output.ts';
import { Places } from '../../src/server/console/dashboard/places.ts';
import { openScreen } from '../../src/server/console/dashboard/screen.ts';
import type { State } from '../../src/server/console/dashboard/state.ts';
import { frameOf } from '../../src/server/console/dashboard/view.ts';
import { pngOf } from '../screen/picture.ts';
import { FakeTerminal } from '../server/console/dashboard/fake-terminal.ts';
import {
  ago,
  cameOnline,
  connection,
  MINUTE,
  NOW,
  person,
  room,
  said,
  snapshotOf,
} from '../server/console/dashboard/scene.ts';

const PEOPLE = [
  person('alice', { since: ago(150 * MINUTE), from: 'uid 1001' }),
  person('bob', { from: 'uid 1002' }),
  person('frank', { since: ago(42 * MINUTE), from: 'uid 1006' }),
  person('~grace', { since: ago(4 * MINUTE), from: '10.0.0.7' }),
  person('carol', { state: 'away', since: ago(3 * MINUTE), from: 'uid 1003' }),
  person('dave', { state: 'away', since: ago(12 * MINUTE), from: 'uid 1004' }),
];
const ROOMS = [
  room('#lobby', { members: 6, here: () => 6, last: 4012 as never, topic: 'Welcome to the box. Be kind.' }),
  room('#dev', { members: 9, here: () => 4, last: 1733 as never, topic: 'releases on Thursday' }),
  room('#ops', { members: 3, here: () => 1, last: 96 as never, keep: { age: 90 * 24 * 60 * MINUTE } }),
];
const LINKS = [
  ...PEOPLE.map(({ name, from, since }, i) => connection(i + 1, name, { from, since })),
  connection(7, 'frank', { kind: 'script', from: 'uid 1006', since: ago(MINUTE) }),
  connection(8, '~grace', { from: '10.0.0.7', waiting: 184_000, behindSince: ago(9000) }),
];

/** A quiet morning with a lively minute in it. */
function rate(scale: number): Rate {
  const made = new Rate();
  for (let second = 0; second < CHART_SECONDS; second += 1) {
    const lively = 5 * Math.exp(-(((second - 190) / 25) ** 2));
    made.add(scale * Math.max(0, 1.2 + Math.sin(second / 7) + Math.sin(second / 2.3) * 0.6 + lively), 1);
  }
  return made;
}

function logOf(): EventLog {
  const log = new EventLog();
  const at = (minutes: number): UnixMs => ago(minutes * MINUTE);
  log.add({ event: cameOnline('dave'), time: at(2) });
  log.add({ event: said('carol', '@alice can you look at 4012?'), time: at(1) });
  log.add({ event: said('bob', 'looks like the disk, /var is at 97 %'), time: at(0.9) });
  const refused = { kind: 'refused', who: '10.0.0.9', code: 'too_many_connections', text: '40 connections' } as const;
  log.add({ event: refused, time: at(0.5) });
  log.add({ event: { kind: 'typed', text: '/slow #dev 10s' }, time: at(0.3) });
  log.add({ event: { kind: 'answer', text: 'in #dev everybody may write once in 10 s' }, time: at(0.3) });
  return log;
}

function stateOf(columns: number, rows: number, choice: Choice): State {
  const { process, online, away } = snapshotOf(PEOPLE, ROOMS);
  const commits = { count: 40, mean: 0.002, p50: 0.0018, p99: 0.004, max: 0.012 };
  return {
    size: { columns, rows },
    now: NOW,
    home: '/home/alice',
    started: {
      host: '127.0.0.1',
      port: 2428,
      dataFolder: '/home/alice/.local/share/uchat-server',
      time: ago(76 * 60 * MINUTE),
    },
    stage: { kind: 'running' },
    help: 0,
    line: { text: '/announce restart at noon', cursor: 25 },
    words: [],
    choice,
    orders: new Places().orders,
    figures: {
      connections: LINKS.length,
      behind: 1,
      outboxMaxBytes: 184_000,
      refused: 12,
      locked: 1,
      online,
      away,
      lists: {
        people: { count: PEOPLE.length, first: 0, items: PEOPLE },
        rooms: { count: ROOMS.length, first: 0, items: ROOMS.map((one, i) => ({ ...one, rate: 24 / (i + 1) })) },
        connections: { count: LINKS.length, first: 0, items: LINKS },
      },
      messages: rate(1),
      deliveries: rate(5.4),
      health: { process, cpu: 0.04, commits, batches: { ...commits, mean: 1.4 } },
    },
    log: logOf(),
  };
}

async function picture(columns: number, rows: number, choice: Choice): Promise<Buffer> {
  const terminal = new FakeTerminal(columns, rows);
  const screen = await openScreen(new Output(terminal.output), { TERM: 'xterm-256color', LC_ALL: 'C.UTF-8' });
  screen.draw(frameOf(stateOf(columns, rows, choice)));
  await terminal.text();
  const png = pngOf(terminal.xterm);
  screen.close();
  return png;
}

export async function drawDashboard(draw: (name: string, png: Buffer) => void): Promise<void> {
  draw('dashboard', await picture(80, 24, { focus: 'log', table: 'people', zoomed: false }));
  draw('dashboard-wide', await picture(160, 48, { focus: 'connections', table: 'connections', zoomed: false }));
}
