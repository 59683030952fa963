/** A hub that knows no network: it says to each who joins which it is, and repeats what they say. */
import { err, ok } from '../../../../src/base/result.ts';
import type { HubOptions, OpenHub } from '../../../../src/lan/hub/hub.ts';
import type { Link } from '../../../../src/link/link.ts';

export interface FakeHubs {
  readonly open: OpenHub;
  readonly opened: HubOptions[];
  readonly closed: string[];
}

/** @param name of each, with a number behind it. @param ready when it is open. @param fault it never is. @param problems of each. */
export function fakeHubs(
  name: string,
  {
    ready = Promise.resolve(),
    fault,
    problems = [],
  }: { readonly ready?: Promise<unknown>; readonly fault?: string; readonly problems?: readonly string[] } = {},
): FakeHubs {
  const opened: HubOptions[] = [];
  const closed: string[] = [];
  const open: OpenHub = async (options) => {
    opened.push(options);
    const own = `${name}${opened.length}`;
    await ready;
    if (fault !== undefined) return err(fault);
    const links = new Set<Link>();
    return ok({
      get sessions() {
        return links.size;
      },
      problems,
      accept: (link) => {
        links.add(link);
        link.listen({
          frame: (line) => link.write(`${own}: ${line}\n`),
          fault: () => undefined,
          drained: () => undefined,
          closed: () => links.delete(link),
        });
      },
      close: async () => {
        for (const link of links) link.end();
        options.store.close();
        // As a good-bye that goes out.
        await new Promise((resolve) => {
          setTimeout(resolve, 20);
        });
        closed.push(own);
      },
    });
  };
  return { open, opened, closed };
}

/** Says something, and what comes back. Rejects where the link ends instead. */
export async function answerOf(link: Link): Promise<string> {
  return await new Promise((resolve, reject) => {
    link.listen({
      frame: resolve,
      fault: () => undefined,
      drained: () => undefined,
      closed: () => reject(new Error('closed')),
    });
    link.write('hello\n');
  });
}
