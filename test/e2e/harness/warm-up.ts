/** Runs before the first test: a server and a client that end by themselves, so that all others find them compiled. */
import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { COMPILE_CACHE, stageWithCache } from './compile-cache.ts';
import { LOGIN_UIDS } from './host.ts';
import { ONLINE } from './stage.ts';

/** Node gives each user a folder of their own. The users of a stage, who may read ours, get it as theirs. */
function share(): void {
  const own = `-${process.getuid?.()}`;
  for (const folder of readdirSync(COMPILE_CACHE).filter((name) => name.endsWith(own))) {
    for (const uid of LOGIN_UIDS) {
      const theirs = join(COMPILE_CACHE, `${folder.slice(0, -own.length)}-${uid}`);
      if (!existsSync(theirs)) symlinkSync(folder, theirs);
    }
  }
}

export default async function warmUp(): Promise<void> {
  // uchat makes no more than two folders by itself.
  mkdirSync(dirname(COMPILE_CACHE), { recursive: true });
  const stage = stageWithCache([]);
  try {
    const server = await stage.server('--guests');
    const client = stage.client(server, { as: 'first' });
    await client.waitFor(ONLINE);
    client.say('/quit');
    await client.ended();
    await stage.run(server, ['who'], { as: 'first' });
    await server.kill('SIGTERM');
  } finally {
    await stage.close();
  }
  share();
}
