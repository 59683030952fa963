import type { Clock } from '../../base/clock.ts';
import type { Console, ConsoleKind } from './console.ts';
import { standardOutput } from './output.ts';

/**
 * @param kind a console is loaded only when it is wanted. On a terminal that can't show the dashboard it is lines.
 * @param stop the operator wants the server to stop; a second time, at once.
 */
export async function openConsole(kind: ConsoleKind, clock: Clock, stop: () => void): Promise<Console> {
  switch (kind) {
    case 'json':
      return (await import('./json.ts')).openJson(standardOutput());
    case 'lines': {
      const output = standardOutput();
      const { stdin, stdout } = process;
      if (stdin.isTTY && stdout.isTTY) {
        const { isForeground, openPrompt } = await import('./prompt.ts');
        if (isForeground())
          return openPrompt({
            input: stdin,
            output,
            columns: () => stdout.columns,
            onResize: (then) => void stdout.on('resize', then),
            interrupt: () => void process.kill(process.pid, 'SIGINT'),
          });
      }
      return (await import('./lines.ts')).openLines(output.write, output.close);
    }
    case 'dashboard': {
      const { openDashboard } = await import('./dashboard/dashboard.ts');
      const { stdin, stdout, env } = process;
      const dashboard = await openDashboard({ input: stdin, output: stdout, env, clock, stop });
      if (dashboard.ok) return dashboard.value;
      const lines = await openConsole('lines', clock, stop);
      lines.show({ kind: 'warning', ...dashboard.error }, clock.now());
      return lines;
    }
  }
}
