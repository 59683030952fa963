/**
 * A process that opens connections and keeps them until its input ends: `node flooder.ts PORT COUNT idle|hello`. Says `done`
 * when all were tried.
 */
import { connect } from 'node:net';

/** Connections on their way at once. */
const AT_ONCE = 500;
const port = Number(process.argv[2]);
const count = Number(process.argv[3]);
const isHello = process.argv[4] === 'hello';
let started = 0;
let settled = 0;

function next(): void {
  if (started >= count) return;
  started += 1;
  const name = `f${started}`;
  const socket = connect({ port, host: '127.0.0.1' });
  let isUp = false;
  const settle = (): void => {
    settled += 1;
    if (settled === count) process.stdout.write('done\n');
    next();
  };
  socket.on('connect', () => {
    isUp = true;
    if (isHello) socket.write(`{"type":"hello","version":1,"name":"${name}","auth":{"method":"guest"}}\n`);
    settle();
  });
  socket.on('error', () => undefined);
  socket.on('close', () => {
    if (!isUp) settle();
  });
  socket.resume();
}

for (let i = 0; i < AT_ONCE; i++) next();
process.stdin.resume();
process.stdin.on('end', () => process.exit());
