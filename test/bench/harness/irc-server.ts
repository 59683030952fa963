/** As much of an IRC server (RFC 1459) as one client in one channel needs, that can talk. */
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { LAST, words } from './words.ts';

/** Milliseconds between two looks at the clock. */
const TICK_MS = 2;

interface IrcServer {
  readonly port: number;
  /** Somebody is in the channel. */
  readonly joined: Promise<void>;
  say(count: number, rate: number): Promise<void>;
  close(): void;
}

function answer(nick: string, [command = '', first = '']: readonly string[]): string {
  const from = ':bench';
  switch (command) {
    case 'NICK':
      return `${from} 001 ${first} :welcome\r\n${from} 422 ${first} :no words of the day\r\n`;
    case 'PING':
      return `${from} PONG bench ${first}\r\n`;
    case 'CAP':
      return first === 'LS' ? `${from} CAP * LS :\r\n` : '';
    case 'JOIN':
      return [
        `:${nick}!a@bench JOIN #lobby`,
        `${from} 353 ${nick} = #lobby :${nick} talker`,
        `${from} 366 ${nick} #lobby :that is all`,
        '',
      ].join('\r\n');
    default:
      return '';
  }
}

export async function ircServer(): Promise<IrcServer> {
  const { promise: joined, resolve: join } = Promise.withResolvers<void>();
  let client: Socket | undefined;
  const server = createServer((socket) => {
    client = socket;
    let rest = '';
    let nick = '';
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      const lines = (rest + chunk.toString()).split(/\r?\n/);
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const words = line.split(' ');
        if (words[0] === 'NICK') nick = words[1] ?? '';
        socket.write(answer(nick, words));
        if (words[0] === 'JOIN') join();
      }
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
            const text = sent === count ? LAST : words(sent);
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
