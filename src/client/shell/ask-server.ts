/** The form that asks where the server is and what one is called, on the full screen, with what was tried so far. */
import { err, ok, type Result } from '../../base/result.ts';
import { addressText } from '../../link/address.ts';
import type { Address, Link } from '../../link/link.ts';
import { parsePlainName } from '../../protocol/names.ts';
import { createForm, type FieldSpec, type Form, pressKey, withFault, withMessage, working } from '../core/form.ts';
import { formView } from '../view/form.ts';
import { isLoopback, parseHost, parsePort } from './address.ts';
import { type ClientSettings, comesAsGuest } from './client-settings.ts';
import { dialServer } from './dialing.ts';
import type { Dialled } from './dialled.ts';
import { ownName } from './own-name.ts';
import { remember } from './remembered.ts';
import type { Screen } from './screen.ts';

/** A connection that nothing has been said on, and as whom to say it. */
export interface Reached {
  readonly link: Link;
  readonly settings: ClientSettings;
  /** What a person should know of the connection. */
  readonly notices: readonly string[];
}

export function reachedBy({ link, notices, warnings }: Dialled, settings: ClientSettings): Reached {
  return { link, notices, settings: { ...settings, warnings: [...settings.warnings, ...warnings] } };
}

export interface Question {
  readonly settings: ClientSettings;
  /** Only the name: where the server is, is settled. */
  readonly nameOnly: boolean;
  readonly message?: Form['message'];
}

const optionalName = (text: string): Result<unknown, string> => (text === '' ? ok(text) : parsePlainName(text));

function openForm({ settings, nameOnly, message }: Question): Form {
  const { address, user, remembered } = settings;
  const name: FieldSpec = {
    label: 'Name',
    help: nameOnly
      ? 'what the others see; a guest gets ~ before it'
      : `empty on this host: ${ownName() ?? 'your login'}; else as a guest`,
    initial: user ?? remembered?.name ?? '',
    check: nameOnly ? parsePlainName : optionalName,
  };
  if (nameOnly) return createForm(`Come to ${addressText(address)} as a guest`, [name], message);
  const host: FieldSpec = {
    label: 'IP address',
    help: 'or a host name; 127.0.0.1 is this host',
    initial: address.host,
    check: parseHost,
  };
  const port: FieldSpec = { label: 'Port', help: '1 to 65535', initial: String(address.port), check: parsePort };
  return createForm('Connect to a server', [host, port, name], message);
}

/** The settings with what was entered in their place. */
function filledIn({ settings, nameOnly }: Question, texts: readonly string[]): Result<ClientSettings, string> {
  const name = texts.at(-1) ?? '';
  if (nameOnly) return ok({ ...settings, user: name });
  const host = parseHost(texts[0] ?? '');
  const port = parsePort(texts[1] ?? '');
  if (!host.ok || !port.ok) throw new Error('a field passed its check and not its parser');
  const address: Address = { host: host.value, port: port.value };
  const user = name === '' ? undefined : name;
  // The form asks for no password: who has an account names it on the command line.
  const isUnknown = comesAsGuest({ user: undefined, guest: false }, address);
  const guest = user !== undefined && (settings.guest || user !== ownName() || isUnknown);
  if (user === undefined && isUnknown)
    return err(isLoopback(host.value) ? 'write a name' : 'write a name: only on this host itself is yours known');
  return ok({ ...settings, address, user, guest });
}

/** One time that the form is on the screen. */
class Dialogue {
  readonly #screen: Screen;
  readonly #question: Question;
  readonly #resolve: (reached: Reached | undefined) => void;
  #form: Form;
  #size = { columns: 80, rows: 24 };
  #attempt: AbortController | undefined;
  /** Answered: what is typed from now on is for what comes next. */
  #isOver = false;

  constructor(screen: Screen, question: Question, resolve: (reached: Reached | undefined) => void) {
    this.#screen = screen;
    this.#question = question;
    this.#resolve = resolve;
    this.#form = openForm(question);
  }

  async show(): Promise<void> {
    const terminal = await this.#screen.enter({
      key: (key) => this.#key(key),
      resize: (size) => {
        this.#size = size;
        this.#draw();
      },
      gone: () => this.#answer(undefined),
    });
    this.#size = terminal.size;
    this.#draw();
  }

  #draw(): void {
    if (this.#isOver) return;
    this.#screen.draw(formView(this.#form, this.#size));
  }

  #key(key: Parameters<typeof pressKey>[1]): void {
    if (this.#isOver) return;
    const result = pressKey(this.#form, key);
    this.#form = result.form;
    switch (result.kind) {
      case 'editing':
        break;
      case 'cancelled':
        if (this.#attempt === undefined) this.#answer(undefined);
        else this.#attempt.abort();
        break;
      case 'submitted':
        this.#submit(result.texts);
        break;
    }
    this.#draw();
  }

  #answer(reached: Reached | undefined): void {
    this.#isOver = true;
    this.#attempt?.abort();
    this.#resolve(reached);
  }

  #submit(texts: readonly string[]): void {
    const settings = filledIn(this.#question, texts);
    if (!settings.ok) {
      this.#form = withFault(this.#form, this.#form.fields.length - 1, settings.error);
      return;
    }
    const { value } = settings;
    const attempt = new AbortController();
    this.#attempt = attempt;
    this.#form = working(this.#form, `Connecting to ${addressText(value.address)}`);
    dialServer(value, attempt.signal).then(
      (dialled) => {
        this.#attempt = undefined;
        // Left meanwhile.
        if (this.#isOver && dialled.ok) dialled.value.link.destroy();
        if (this.#isOver) return;
        if (dialled.ok) {
          this.#done(reachedBy(dialled.value, value));
          return;
        }
        this.#form = withMessage(this.#form, dialled.error.text, dialled.error.kind !== 'aborted');
        this.#draw();
      },
      // It never rejects; were it to, that is a fault to be told as such.
      (error: unknown) => {
        throw error;
      },
    );
  }

  #done(reached: Reached): void {
    const { folder, remembered, address, user } = reached.settings;
    const server = this.#question.nameOnly ? remembered?.server : address;
    // Worth no interruption when it can't be written: the next start asks again.
    const warning = remember(folder, { server, name: user ?? remembered?.name });
    const { settings } = reached;
    const warnings = warning === undefined ? settings.warnings : [...settings.warnings, warning];
    this.#answer({ ...reached, settings: { ...settings, warnings } });
  }
}

/** @returns undefined when the person leaves instead. */
export async function askServer(screen: Screen, question: Question): Promise<Reached | undefined> {
  return await new Promise((resolve, reject) => {
    new Dialogue(screen, question, resolve).show().catch(reject);
  });
}
