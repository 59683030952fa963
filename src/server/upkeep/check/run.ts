/** `uchat --serve --check`: a line for each finding, and one for all. */
import { counted } from '../../../base/text/number.ts';
import { shortMs } from '../../console/dashboard/figures.ts';
import { closedText, stateOf } from '../data-folder.ts';
import { type Ended, failed, type Out } from '../out.ts';
import { type Checked, checkFolder } from './check.ts';
import type { TlsFiles } from './files.ts';

interface CheckOptions {
  /** An absolute path. */
  readonly folder: string;
  readonly tls: TlsFiles | undefined;
  readonly json: boolean;
}

export function runCheck({ folder, tls, json }: CheckOptions, out: Out): Ended {
  const state = stateOf(folder);
  if (state === 'closed') return failed(closedText(folder));
  if (state === 'missing')
    return { status: 2, line: `there is no folder ${folder}: nothing was checked; name the server's with --data` };
  const began = performance.now();
  const checked = checkFolder(folder, tls, out.progress.show, Date.now());
  const ms = performance.now() - began;
  out.progress.clear();
  out.print(json ? asJson(checked, ms) : asLines(checked, folder, ms));
  return { status: checked.faults === 0 ? 0 : 1 };
}

function asLines(
  { findings, faults, messages, rooms, accounts, version }: Checked,
  folder: string,
  ms: number,
): string {
  const lines = findings.map(
    ({ code, level, says, mend }) => `${level === 'note' ? 'note ' : ''}${code}: ${says}; ${mend}`,
  );
  const what = `${counted(messages, 'message')}, ${counted(rooms, 'room')}, ${counted(accounts, 'account')}`;
  const verdict = faults === 0 ? 'sound' : counted(faults, 'fault');
  lines.push(`${folder}: ${verdict}; ${what}, data version ${version}, looked at in ${shortMs(ms)}`);
  return `${lines.join('\n')}\n`;
}

function asJson({ findings, ...summary }: Checked, ms: number): string {
  const lines = findings.map((finding) => JSON.stringify(finding));
  lines.push(JSON.stringify({ code: 'summary', ...summary, ms: Math.round(ms) }));
  return `${lines.join('\n')}\n`;
}
