/** `npm run crash`: kills the server 100 times. `--kills N --seed N --durability full|process`. */
import { parseArgs } from 'node:util';
import { runRig, summaryLine } from './rig.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '100' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    durability: { type: 'string', default: 'full' },
  },
});
const options = {
  kills: Number(values.kills),
  seed: Number(values.seed),
  durability: values.durability === 'process' ? 'process' : 'full',
} as const;
console.log(`seed ${options.seed}`);
const summary = await runRig({ ...options, tell: (line) => process.stderr.write(`\r${line.padEnd(50)}`) });
process.stderr.write('\n');
for (const { kind, text } of summary.violations) console.log(`${kind}: ${text}`);
console.log(summaryLine(summary));
process.exitCode = summary.violations.length === 0 ? 0 : 1;
