/**
 * What the server delivers when one talks and many listen: `node test/bench/fanout.ts`. Every message is stored (default
 * durability) before anybody gets it.
 */
import { Arena } from './harness/arena.ts';
import { alone, type Benchmark, type How } from './harness/benchmark.ts';
import type { Figure } from './harness/figure.ts';

/** Bytes of a message's text. */
const BYTES = 100;
/** Deliveries that are counted; a tenth as many come before, so that the code is compiled. */
const DELIVERIES = 6_000_000;
const RATE = 100;
const RATE_SECONDS = 10;

async function* run(how: How): AsyncGenerator<Figure> {
  const deliveries = how.size(DELIVERIES, 20_000);
  for (const room of how.quick ? [20] : [100, 1000]) {
    const arena = await Arena.open(how);
    try {
      await arena.logIn(room + 1, 'guest');
      const messages = Math.ceil(deliveries / room);
      await arena.say(Math.ceil(messages / 10), BYTES, 0);
      const before = arena.cpu;
      const said = await arena.say(messages, BYTES, 0);
      const cpu = (arena.cpu - before) / 1000;
      const where = `${room} in the room`;
      yield { name: `deliveries, ${where}`, value: said.deliveries / said.seconds, unit: '/s' };
      yield { name: `messages, ${where}`, value: messages / said.seconds, unit: '/s' };
      yield {
        name: `deliveries a second of the server's processor, ${where}`,
        value: said.deliveries / cpu,
        unit: '/s',
      };
      // Well below 100 the figures are of the load generator, or of a machine that does something else.
      yield { name: `how busy the server was, ${where}`, value: (100 * cpu) / said.seconds, unit: '%' };
      if (room === 100) continue;
      const steady = await arena.say(Math.ceil(RATE * (how.quick ? 0.5 : RATE_SECONDS)), BYTES, RATE);
      const { p50, p99, p999, most } = steady.latencies;
      const latencies = { p50, p99, 'p99.9': p999, worst: most };
      for (const [which, value] of Object.entries(latencies))
        yield { name: `latency at ${RATE} messages a second, ${where}: ${which}`, value, unit: 'ms' };
    } finally {
      await arena.close();
    }
  }
}

export const benchmark: Benchmark = {
  name: 'fanout',
  measures: 'deliveries a second, and how late they are, from a server on one core to a load generator on another',
  run,
};

if (import.meta.main) await alone(benchmark);
