/** As much of an IRC server (RFC 1459) as one client in one channel needs, that can talk. */
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';

/** Milliseconds between two looks at the clock. */
const TICK_MS = 2;
const LAST = 'QXQXQXQX';

interface IrcServer {
  readonly port: number;
  /** Somebody is in the channel. */
  readonly joined: Promise<void>;
  say(count: number, rate: number): Promise<void>;
  close(): void;
}

function answer(socket: Socket, line: string, joined: () => void): void {
  const [command = '', first = ''] = line.split(' ');
  if (command === 'NICK') socket.write(`:bench 001 ${first} :welcome\r\n:bench 422 ${first} :no words of the day\r\n`);
  else if (command === 'PING') socket.write(`:bench PONG bench ${first}\r\n`);
  else if (command === 'CAP' && first === 'LS') socket.write(':bench CAP * LS :\r\n');
  else if (command === 'JOIN') {
    socket.write(':alice!a@bench JOIN #lobby\r\n:bench 353 alice = #lobby :alice talker\r\n');
    socket.write(':bench 366 alice #lobby :that is all\r\n');
    joined();
  }
}

export async function ircServer(): Promise<IrcServer> {
  const { promise: joined, resolve: join } = Promise.withResolvers<void>();
  let client: Socket | undefined;
  const server = createServer((socket) => {
    client = socket;
    let rest = '';
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      const lines = (rest + chunk.toString()).split(/\r?\n/);
      rest = lines.pop() ?? '';
      for (const line of lines) answer(socket, line, join);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    joined,
    say: (count, rate) =>
      new Promise((resolve) => {
        const startedAt = performance.now();
        let sent = 0;
        const timer = setInterval(() => {
          const due = rate === 0 ? count : Math.floor(((performance.now() - startedAt) / 1000) * rate) + 1;
          while (sent < Math.min(due, count) && client?.writableNeedDrain !== true) {
            sent += 1;
            const text = sent === count ? LAST : `message ${sent} of many, the build is green again`;
            client?.write(`:talker!t@bench PRIVMSG #lobby :${text}\r\n`);
          }
          if (sent < count) return;
          clearInterval(timer);
          resolve();
        }, TICK_MS);
      }),
    close: () => {
      client?.destroy();
      server.close();
    },
  };
}
