/** What a person does with the log of what was said: reads it, removes it, writes it out, locks it. */
import type { UserName } from '../base/ids.ts';
import { sanitizeLine } from '../base/text/sanitize.ts';
import type { PrivateCommand } from './private.ts';
import type { Shared } from './shared.ts';
import type { LogRecord } from './vault.ts';

type Of<K extends PrivateCommand['do']> = Extract<PrivateCommand, { do: K }>;

/** Records in one page: of history for people, and of what is written out. */
const MAX_PAGE = 500;
const LOCKED = 'your log is locked: give its passphrase with /unlock first';

export class LogCommands {
  readonly #shared: Shared;
  readonly #unlocked: () => void;
  #people: readonly UserName[] = [];

  /** @param unlocked the log can be read and added to again. */
  constructor(shared: Shared, unlocked: () => void) {
    this.#shared = shared;
    this.#unlocked = unlocked;
  }

  /** With whom there is a log. */
  tellPeople(): void {
    const { log } = this.#shared.vault;
    if (!log.locked) this.#shared.tell({ type: 'logged', people: (this.#people = log.people()) });
  }

  keep(person: UserName, record: LogRecord): void {
    this.#shared.vault.log.append(person, record);
    if (!this.#people.includes(person)) this.tellPeople();
  }

  history({ user, before, limit }: Of<'history'>): void {
    const { log } = this.#shared.vault;
    if (log.locked) return this.#told(LOCKED, true, user);
    const { records, more, damaged } = log.page(user, before, Math.min(Math.max(1, limit), MAX_PAGE));
    this.#shared.tell({ type: 'history', person: user, records, more });
    if (damaged > 0)
      this.#told(`${damaged} messages of the log can't be read: they were damaged, or changed`, true, user);
  }

  forget({ user }: Of<'forget'>): void {
    const { log } = this.#shared.vault;
    if (log.locked) return this.#told(LOCKED, true, user);
    const count = log.forget(user);
    this.tellPeople();
    return this.#told(
      count === 0
        ? `there was nothing in your log of ${user}`
        : `${count} messages with ${user} are removed from this device; ${user} may have them still`,
      false,
      user,
    );
  }

  export({ user, path }: Of<'export'>): void {
    const { log } = this.#shared.vault;
    if (log.locked) return this.#told(LOCKED, true, user);
    const records: LogRecord[] = [];
    for (let before: number | undefined, more = true; more; ) {
      const page = log.page(user, before, MAX_PAGE);
      records.unshift(...page.records);
      before = page.records[0]?.at;
      more = page.more && before !== undefined;
    }
    if (records.length === 0) return this.#told(`there is nothing in your log of ${user}`, true, user);
    const day = new Date(this.#shared.clock.now()).toISOString().slice(0, 10);
    const written = this.#shared.write(path ?? `uchat-${user}-${day}.txt`, records.map(lineOf).join(''));
    return written.ok
      ? this.#told(
          `${records.length} messages with ${user}, readable by anyone who gets the file: ${written.value}`,
          false,
          user,
        )
      : this.#told(written.error, true, user);
  }

  unlock({ passphrase }: Of<'unlock'>): void {
    const { errands, vault } = this.#shared;
    errands.run(async () => {
      const told = (text: string, bad: boolean): void =>
        this.#shared.tell({ type: 'told', about: 'unlock', text, bad });
      if (!vault.log.locked) return told('your log is not locked', false);
      if (!(await vault.log.unlock(passphrase.reveal()))) return told('that is not the passphrase of your log', true);
      told('your log is open', false);
      return this.#unlocked();
    });
  }

  passphrase({ passphrase }: Of<'passphrase'>): void {
    const { errands, vault } = this.#shared;
    errands.run(async () => {
      if (vault.log.locked) return this.#told(LOCKED, true);
      await vault.log.setPassphrase(passphrase?.reveal());
      return this.#told(
        passphrase === undefined
          ? 'your log has no passphrase any more: whoever has your files can read it'
          : 'your log is under this passphrase from now on; nobody can get it back for you',
        false,
      );
    });
  }

  #told(text: string, bad: boolean, person?: UserName): void {
    this.#shared.tell({ type: 'told', text, bad, ...(person === undefined ? {} : { person }) });
  }
}

/** One message: time, author, text; further lines of it are indented. Harmless in a terminal. */
function lineOf({ from, text, time, edited, deleted }: LogRecord): string {
  const stamp = new Date(time).toISOString().slice(0, 19).replace('T', ' ');
  const said = deleted === true ? '(deleted)' : `${text}${edited === undefined ? '' : ' (edited)'}`;
  const [first = '', ...more] = said.split('\n').map(sanitizeLine);
  return [`${stamp} ${from}: ${first}`, ...more.map((line) => `    ${line}`), ''].join('\n');
}
