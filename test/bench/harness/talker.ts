/**
 * Says things in the lobby, at a pace: `node talker.ts PORT COUNT RATE`, RATE in messages a second, 0: as fast as the server
 * takes them. Says `done` when all were acknowledged.
 */
import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { LAST, words } from './words.ts';

const [, , port = '', count = '', rate = ''] = process.argv;
const total = Number(count);
const perSecond = Number(rate);
/** Unacknowledged messages at once. */
const AT_ONCE = 200;
/** Milliseconds between two looks at the clock. */
const TICK_MS = 2;
const NAME = 'talker';
/** Of this run: a message whose id the server knows is no new one. */
const RUN = randomUUID().slice(0, 18);

const socket = connect({ host: '127.0.0.1', port: Number(port) });
let sent = 0;
let acknowledged = 0;
let startedAt = 0;
let rest = '';

function say(): void {
  const due = perSecond === 0 ? total : Math.floor(((performance.now() - startedAt) / 1000) * perSecond) + 1;
  while (sent < Math.min(due, total) && sent - acknowledged < AT_ONCE) {
    sent += 1;
    const text = sent === total ? LAST : words(sent);
    socket.write(`${JSON.stringify({ type: 'say', to: '#lobby', text, id: `${RUN}-${sent}` })}\n`);
  }
}

socket.on('connect', () => {
  socket.write(`${JSON.stringify({ type: 'hello', version: 1, name: NAME, auth: { method: 'guest' } })}\n`);
});
socket.on('data', (chunk) => {
  const lines = (rest + chunk.toString()).split('\n');
  rest = lines.pop() ?? '';
  for (const line of lines) {
    if (line.startsWith('{"type":"welcome"')) {
      startedAt = performance.now();
      if (perSecond > 0) setInterval(say, TICK_MS);
    } else if (line.startsWith('{"type":"ack"')) acknowledged += 1;
    else if (line.startsWith('{"type":"error"')) throw new Error(line);
  }
  if (acknowledged >= total) {
    process.stdout.write('done\n');
    process.exit(0);
  }
  if (startedAt > 0) say();
});
