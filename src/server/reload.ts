/** The settings are read again while the server runs: what changes at once, and what needs a restart. */
import { X509Certificate } from 'node:crypto';
import { longDuration } from '../base/duration.ts';
import { FOREVER, keepText } from '../base/keep.ts';
import type { Result } from '../base/result.ts';
import type { Listener } from '../link/tcp.ts';
import type { Core } from './core/core.ts';
import type { Instant } from './core/instant.ts';
import { type LiveOptions, newOptions } from './core/new-options.ts';
import { ownServerKey, readServerKey, type ServerKey } from './login/server-key.ts';
import { metricsText } from './metrics/address.ts';
import type { ServerOptions } from './server-options.ts';
import type { Notice } from './shell.ts';

type Name = keyof ServerOptions;

interface Setting {
  /** As an option is called. */
  readonly name: string;
  readonly applies: 'now' | 'restart';
}

const now = (name: string): Setting => ({ name, applies: 'now' });
const restart = (name: string): Setting => ({ name, applies: 'restart' });

/** `tls` isn't among them: its files are read again whether or not they are the same. */
const SETTINGS: Readonly<Record<Exclude<Name, 'tls'>, Setting>> = {
  host: restart('host'),
  port: restart('port'),
  dataFolder: restart('data'),
  durability: restart('durability'),
  metrics: restart('metrics'),
  dashboard: restart('no-dashboard'),
  awayAfter: now('away-after'),
  logOffAfter: now('log-off-after'),
  guests: now('guests'),
  hostLogin: now('host-login'),
  registration: now('registration'),
  lockoutAfter: now('lockout-after'),
  lockoutFor: now('lockout-for'),
  rateLimit: now('rate-limit'),
  keep: now('keep'),
};
const NAMES = Object.keys(SETTINGS).filter((name): name is Exclude<Name, 'tls'> => Object.hasOwn(SETTINGS, name));
const DURATIONS: ReadonlySet<Name> = new Set(['awayAfter', 'logOffAfter', 'lockoutFor']);

/** As it is written, more or less. */
function shown(name: Name, options: ServerOptions): string {
  const { keep, metrics, [name]: value } = options;
  if (name === 'keep') return keepText(keep ?? FOREVER);
  if (name === 'metrics') return metrics === undefined ? 'off' : metricsText(metrics);
  // The option is for having none.
  if (name === 'dashboard') return value === true ? 'off' : 'on';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value !== 'number') return typeof value === 'string' ? value : JSON.stringify(value);
  if (!DURATIONS.has(name)) return String(value);
  return value === 0 ? 'never' : longDuration(value);
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

function validity({ cert, fingerprint }: ServerKey): string {
  const until = new Date(new X509Certificate(cert).validTo);
  return `until ${Number.isNaN(until.getTime()) ? 'some day' : until.toISOString().slice(0, 10)}, key ${fingerprint}`;
}

/** What the core needs to know. */
export const liveOptions = (options: ServerOptions): LiveOptions => ({
  awayAfter: options.awayAfter,
  logOffAfter: options.logOffAfter,
  guests: options.guests,
  // Elsewhere no kernel says who connects.
  hostLogin: options.hostLogin && process.platform === 'linux',
  registration: options.registration,
  lockout: { after: options.lockoutAfter, lockFor: options.lockoutFor },
  rateLimit: options.rateLimit,
  keep: options.keep ?? FOREVER,
});

export interface ReloadParts {
  readonly core: Core;
  readonly listener: Pick<Listener, 'renew'>;
  readonly notice: Notice;
  readonly now: () => Instant;
}

export class Reloading {
  readonly #parts: ReloadParts;
  /** What is in force. */
  #options: ServerOptions;
  #key: ServerKey;
  /** One after the other. */
  #last: Promise<void> = Promise.resolve();

  constructor(parts: ReloadParts, options: ServerOptions, key: ServerKey) {
    this.#parts = parts;
    this.#options = options;
    this.#key = key;
  }

  /** Tells each change in a line. @param read what the settings are now, or one line that says what is wrong with them. */
  reload(read: Result<ServerOptions, string>): Promise<void> {
    this.#last = this.#last.then(() => this.#reload(read));
    return this.#last;
  }

  async #reload(read: Result<ServerOptions, string>): Promise<void> {
    const { notice } = this.#parts;
    if (!read.ok) {
      const text = `the settings were not read again, and nothing has changed: ${read.error}`;
      return notice({ kind: 'warning', code: 'bad_settings', text });
    }
    const before = this.#options;
    const changed = NAMES.filter((name) => !isSame(before[name], read.value[name]));
    const live = changed.filter((name) => SETTINGS[name].applies === 'now');
    // What needs a restart stays as it is, and is told again the next time.
    this.#options = {
      ...before,
      ...Object.fromEntries(live.map((name) => [name, read.value[name]])),
      tls: read.value.tls,
    };
    if (live.length > 0) newOptions(this.#parts.core, liveOptions(this.#options), this.#parts.now());
    for (const name of changed) {
      const [from, to] = [shown(name, before), shown(name, read.value)];
      notice({ kind: 'reloaded', setting: { ...SETTINGS[name], from, to } });
    }
    const key = await this.#renew();
    if (changed.length === 0 && key === 'same') notice({ kind: 'reloaded' });
  }

  /** The files of the key and its certificate, which whoever renews them writes anew under their names. */
  async #renew(): Promise<'same' | 'new' | 'bad'> {
    const { notice, listener } = this.#parts;
    const { tls, dataFolder } = this.#options;
    const bad = (code: string, text: string): 'bad' => {
      notice({ kind: 'warning', code, text: `${text}; the certificate of before stays in use` });
      return 'bad';
    };
    const read = tls === undefined ? ownServerKey(dataFolder) : readServerKey(tls.keyFile, tls.certFile);
    if (!read.ok) return bad(read.error.code, read.error.text);
    const key = read.value;
    if (key.cert === this.#key.cert && key.key === this.#key.key) return 'same';
    try {
      await listener.renew(key);
    } catch (error) {
      return bad('tls_unusable', error instanceof Error ? error.message : String(error));
    }
    const [from, to] = [validity(this.#key), validity(key)];
    this.#key = key;
    notice({ kind: 'reloaded', setting: { name: 'tls-cert', from, to, applies: 'now' } });
    return 'new';
  }
}
