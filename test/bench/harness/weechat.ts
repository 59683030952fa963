/** weechat, where it is installed, in a home of its own. */
import { spawnSync } from 'node:child_process';
import type { Stage } from '../../e2e/harness/stage.ts';

interface Weechat {
  command(port: number): readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
}

export function weechat(stage: Stage): Weechat | undefined {
  const { error, status } = spawnSync('weechat', ['--version']);
  if (error !== undefined || status !== 0) return undefined;
  const folder = stage.newFolder('weechat');
  return {
    command: (port) => [
      'weechat',
      '--dir',
      folder,
      '--no-plugin',
      '--run-command',
      '/plugin load irc',
      '--run-command',
      `/server add bench 127.0.0.1/${port} -notls -autojoin=#lobby`,
      '--run-command',
      '/set irc.server_default.anti_flood 0',
      '--run-command',
      '/connect bench',
    ],
    env: stage.environment({ as: 'weechat' }),
  };
}
