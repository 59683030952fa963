/** An address of this machine that is not loopback: what goes there stays on the machine, but is treated as from elsewhere. */
import { lookup } from 'node:dns/promises';
import { networkInterfaces } from 'node:os';

export const OUTSIDE: string | undefined = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ internal, family }) => !internal && family === 'IPv4')?.address;

/** Where something is missing the suite says so and is skipped; with CI=true that is a failure. */
function need(isHere: boolean, why: string): boolean {
  if (isHere) return true;
  if (!['', '0', 'false'].includes(process.env.CI ?? '')) throw new Error(`${why}: with CI=true that is a failure`);
  console.warn(`skipped: ${why}`);
  return false;
}

export const needOutside = (): boolean =>
  need(OUTSIDE !== undefined, 'needs an IPv4 address that is not loopback, such as that of eth0');

/** That this machine finds a host of this name. */
export async function needName(name: string): Promise<boolean> {
  const found = await lookup(name).then(
    () => true,
    () => false,
  );
  return need(found, `needs the name ${name} to have an address, as by /etc/hosts`);
}
