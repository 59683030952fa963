/** A worker of the store's that opens, answers nothing, and dies at the second batch. */
import { parentPort } from 'node:worker_threads';

let batches = 0;
parentPort?.on('message', (message: { readonly kind: string }) => {
  if (message.kind === 'open') parentPort?.postMessage({ kind: 'opened' });
  if (message.kind === 'batch' && ++batches === 1) setImmediate(() => process.nextTick(die));
});

function die(): void {
  throw new Error('out of luck');
}
