/**
 * A program of ours on the local network, with a hub that knows none: says what answers, and whether it is that itself;
 * `lost` when its connection has ended, `closed` when its hub was left. `node program.ts FOLDER`
 */
import { writeSync } from 'node:fs';
import { Lans } from '../../../../src/client/shell/lan/dial-lan.ts';
import { fakeHubs } from './fake-hub.ts';

const folder = process.argv[2] ?? '';
const hubs = fakeHubs('hub');
const say = (line: string): void => void writeSync(1, `${line}\n`);
const lans = new Lans(async () => async (options) => {
  const opened = await hubs.open(options);
  if (!opened.ok) return opened;
  const { value: hub } = opened;
  const close = async (): Promise<void> => {
    await hub.close();
    say('closed');
  };
  return { ok: true, value: { accept: (link) => hub.accept(link), sessions: 0, problems: [], close } };
});

for (;;) {
  const dialled = await lans.dial({
    folder,
    user: 'alice',
    directPort: undefined,
    network: { port: 2428, peers: [] },
  });
  if (!dialled.ok && dialled.error.kind === 'aborted') break;
  if (!dialled.ok) throw new Error(dialled.error.text);
  const { link } = dialled.value;
  const over = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<string>();
  link.listen({
    frame: answer.resolve,
    fault: () => undefined,
    drained: () => undefined,
    closed: () => over.resolve(),
  });
  link.write(`${process.pid}\n`);
  say(`${await answer.promise} as ${link.local.host === 'memory' ? 'the hub' : 'another'}`);
  await over.promise;
  say('lost');
}
