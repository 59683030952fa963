/** What every bus promises. */
import { expect, test } from 'vitest';
import { unixMs } from '../../../src/base/ids.ts';
import type { Bus, ServerEvent } from '../../../src/server/bus/bus.ts';

const event = (n: number): ServerEvent =>
  ({ kind: 'presence', user: `~b${n}`, state: 'online', since: unixMs(n) }) as ServerEvent;

/**
 * @param connect a further server's end of one bus; the bus of the first call is shared by the others of one test.
 * @param settled waits until all that was published has been delivered.
 */
export function busConformance(connect: () => Bus, settled: () => Promise<void>): void {
  test('everybody hears every event, the publisher too, in the order of publishing', async () => {
    const bus = connect();
    const heard: ServerEvent[][] = [[], []];
    for (const list of heard) bus.subscribe((e) => void list.push(e));
    for (let i = 0; i < 3; i++) bus.publish(event(i));
    await settled();
    expect(heard[0]).toEqual([event(0), event(1), event(2)]);
    expect(heard[1]).toEqual(heard[0]);
    await bus.close();
  });

  test('what is published while an event is delivered comes after it, for everybody', async () => {
    const bus = connect();
    const heard: ServerEvent[] = [];
    bus.subscribe((e) => {
      if (e.kind === 'presence' && e.since < 2) bus.publish(event(e.since + 1));
    });
    bus.subscribe((e) => void heard.push(e));
    bus.publish(event(0));
    await settled();
    expect(heard).toEqual([event(0), event(1), event(2)]);
    await bus.close();
  });

  test('who has unsubscribed hears nothing more, the others do', async () => {
    const bus = connect();
    const heard: string[] = [];
    const stop = bus.subscribe(() => void heard.push('first'));
    bus.subscribe(() => void heard.push('second'));
    stop();
    stop();
    bus.publish(event(0));
    await settled();
    expect(heard).toEqual(['second']);
    await bus.close();
  });

  test('a function that subscribes twice hears twice, and once after one end', async () => {
    const bus = connect();
    let heard = 0;
    const listener = (): void => {
      heard += 1;
    };
    const stop = bus.subscribe(listener);
    bus.subscribe(listener);
    bus.publish(event(0));
    await settled();
    expect(heard).toBe(2);
    stop();
    bus.publish(event(1));
    await settled();
    expect(heard).toBe(3);
    await bus.close();
  });

  test('after the end nobody hears anything', async () => {
    const bus = connect();
    let heard = 0;
    bus.subscribe(() => {
      heard += 1;
    });
    await bus.close();
    bus.publish(event(0));
    await settled();
    expect(heard).toBe(0);
  });
}
