/** `uchat doctor`: what is wrong here, and how to mend it. Looks at everything, and changes nothing. */
import { addressText } from '../../link/address.ts';
import { print, quietWhenUnread } from '../script/print.ts';
import { isLoopback } from '../shell/address.ts';
import type { ClientArguments, ClientSettings } from '../shell/client-settings.ts';
import type { Outcome } from '../shell/outcome.ts';
import { isUtf8 } from '../terminal/environment.ts';
import { editorFacts } from './gather/editor.ts';
import { folderFacts } from './gather/files.ts';
import { hostFacts } from './gather/host.ts';
import { lanFacts } from './gather/lan.ts';
import { localeFacts } from './gather/locale.ts';
import { remoteFacts, screenFacts, tmuxFacts } from './gather/multiplexer.ts';
import { ownServerFacts } from './gather/own-server.ts';
import { privateFacts } from './gather/private.ts';
import { programFacts } from './gather/program.ts';
import { serverFacts } from './gather/server.ts';
import { type Gathered, gatherSettings, type Tables } from './gather/settings.ts';
import { terminalFacts } from './gather/terminal.ts';
import { timeZoneFacts } from './gather/time-zone.ts';
import { widthFacts } from './gather/widths.ts';
import { judgeEditor } from './judge/editor.ts';
import { judgeFolder } from './judge/files.ts';
import { bytesText, type Finding } from './judge/finding.ts';
import { judgeHost } from './judge/host.ts';
import { judgeLan } from './judge/lan.ts';
import { judgeLocale } from './judge/locale.ts';
import { judgeRemote, judgeScreen, judgeTmux } from './judge/multiplexer.ts';
import { judgeOwnServer } from './judge/own-server.ts';
import { judgePrivate } from './judge/private.ts';
import { judgeProgram } from './judge/program.ts';
import { judgeServer } from './judge/server.ts';
import { judgeSettings } from './judge/settings.ts';
import { judgeTerminal, type TerminalFacts } from './judge/terminal.ts';
import { judgeTimeZone } from './judge/time-zone.ts';
import { judgeWidths } from './judge/widths.ts';
import { jsonReport, type Look, report } from './report.ts';

/** Milliseconds after which a server that has not answered is told as such: a person waits no longer than five seconds. */
const SERVER_WITHIN_MS = 4500;
/** Exit status where there is a problem. */
const PROBLEM = 1;

export interface DoctorOptions {
  readonly tables: Tables;
  /** Of uchat. */
  readonly version: string;
  /** The folder in which Node was told to keep what it compiles. */
  readonly cache: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The terminal, and what stands between it and us. */
async function terminal(env: Environment, facts: TerminalFacts): Promise<readonly Finding[]> {
  const { stdin, stdout } = process;
  const [locale, tmux, screen, remote, widths] = await Promise.all([
    localeFacts(env),
    env.TMUX ? tmuxFacts(env) : undefined,
    env.STY ? screenFacts(env) : undefined,
    remoteFacts(env),
    widthFacts(env, stdin, stdout),
  ]);
  return [
    ...judgeLocale(locale),
    ...judgeTerminal(facts),
    ...(widths === undefined ? [] : judgeWidths(widths)),
    ...(env.TMUX ? judgeTmux(tmux) : []),
    ...(screen === undefined ? [] : judgeScreen(screen)),
    ...judgeRemote(remote),
  ];
}

function files(folders: NonNullable<Gathered['folders']>): readonly Finding[] {
  const uid = process.getuid?.();
  // Elsewhere than under Unix modes and owners mean nothing.
  if (uid === undefined) return [];
  return [
    folderFacts('settings', 'config', folders.settings),
    folderFacts('data', 'client', folders.data),
    folderFacts("your server's data", 'server', folders.server),
  ].flatMap((facts) => judgeFolder(facts, uid));
}

async function server(settings: ClientSettings, folder: string): Promise<readonly Finding[]> {
  const { address } = settings;
  const signal = AbortSignal.timeout(SERVER_WITHIN_MS);
  if (settings.lan !== undefined) return judgeLan(await lanFacts(settings, signal));
  const facts = await serverFacts(settings, signal);
  const isThere = facts.reached.kind !== 'failed';
  return [
    ...judgeServer(facts),
    ...judgeOwnServer(ownServerFacts(folder), addressText(address), isLoopback(address.host), isThere),
  ];
}

function lookOf(env: Environment, { term, output, colors, size }: TerminalFacts): Look {
  return {
    unicode: isUtf8(env) && term !== 'linux',
    colors: output && colors > 0 && term !== 'dumb',
    columns: size === undefined || size.columns === 0 ? undefined : size.columns,
  };
}

/** The process may hold on to what has not been answered: whoever called this ends it. */
export async function doctor(argv: ClientArguments, { tables, version, cache }: DoctorOptions): Promise<Outcome> {
  const { env } = process;
  const gathered = gatherSettings(tables, argv, env);
  if (!gathered.ok) return gathered.error;
  const { facts, settings, folders } = gathered.value;
  quietWhenUnread();
  const screen = terminalFacts(env, process.stdin, process.stdout);
  const [around, host, there] = await Promise.all([
    terminal(env, screen),
    hostFacts(),
    settings === undefined || folders === undefined ? [] : server(settings, folders.server),
  ]);
  const findings: readonly Finding[] = [
    ...judgeProgram(programFacts(version, cache)),
    ...around,
    judgeTimeZone(timeZoneFacts(env.TZ)),
    judgeEditor(editorFacts(env)),
    ...judgeSettings(facts),
    ...(folders === undefined ? [] : files(folders)),
    ...(settings === undefined ? [] : judgePrivate(privateFacts(settings), bytesText)),
    ...judgeHost(host),
    ...there,
  ];
  print(argv.json === true ? jsonReport(findings) : report(findings, lookOf(env, screen)));
  return { status: findings.some(({ level }) => level === 'problem') ? PROBLEM : 0 };
}
