/** Somebody between a client and a server, who passes everything on: honestly, or with a key of their own. */
import { connect, createServer, type Server, type Socket } from 'node:net';
import { connect as connectSecurely, createSecureContext, TLSSocket } from 'node:tls';
import { newTlsKey } from './link/tls-pair.ts';

type Manner = 'honest' | 'reading';

export class Middle {
  readonly #server: Server;
  readonly #target: { readonly host: string; readonly port: number };
  readonly #sockets = new Set<Socket>();
  readonly #context = createSecureContext(newTlsKey());
  manner: Manner;
  /** What it could read of what clients said. */
  heard = '';
  /** And of what the server said. */
  told = '';
  connections = 0;

  private constructor(host: string, port: number, manner: Manner) {
    this.#target = { host, port };
    this.manner = manner;
    this.#server = createServer((socket) => this.#relay(socket));
  }

  /** Before the server at this address and port; on a port of its own. */
  static async before(host: string, port: number, manner: Manner): Promise<Middle> {
    const middle = new Middle(host, port, manner);
    await new Promise<void>((resolve) => {
      middle.#server.listen(0, host, resolve);
    });
    return middle;
  }

  get address(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('it does not listen');
    return `${this.#target.host}:${address.port}`;
  }

  #keep<S extends Socket>(socket: S): S {
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => this.#sockets.delete(socket));
    return socket;
  }

  #relay(raw: Socket): void {
    this.connections += 1;
    this.#keep(raw);
    const reads = this.manner === 'reading';
    const near = reads ? this.#keep(new TLSSocket(raw, { isServer: true, secureContext: this.#context })) : raw;
    const far = this.#keep(
      reads ? connectSecurely({ ...this.#target, rejectUnauthorized: false }) : connect(this.#target),
    );
    if (reads) {
      near.on('data', (chunk: Buffer) => {
        this.heard += chunk.toString();
      });
      far.on('data', (chunk: Buffer) => {
        this.told += chunk.toString();
      });
    }
    near.pipe(far);
    far.pipe(near);
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
  }

  /** Every connection breaks. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  close(): void {
    this.#server.close();
    this.cut();
  }
}
