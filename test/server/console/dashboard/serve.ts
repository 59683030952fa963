/** `node serve.ts FOLDER [FAULT]`: a server with a dashboard on its terminal; with FAULT it fails once it runs. */
import { runServer } from '../../../../src/server/main.ts';

/** Milliseconds: the dashboard is there by then. */
const FAULT_AFTER_MS = 1500;

const [, , dataFolder = '', fault] = process.argv;
if (fault !== undefined)
  setTimeout(() => {
    throw new Error(fault);
  }, FAULT_AFTER_MS);
process.exitCode = await runServer(
  {
    host: '127.0.0.1',
    port: 0,
    dataFolder,
    awayAfter: 10_000,
    logOffAfter: 0,
    guests: true,
    hostLogin: true,
    registration: 'closed',
    lockoutAfter: 3,
    lockoutFor: 60_000,
    rateLimit: true,
    durability: 'process',
  },
  'dashboard',
);
