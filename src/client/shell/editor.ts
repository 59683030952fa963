/**
 * The draft in $VISUAL or $EDITOR, as git does it: in a file that only we can read, in a folder of its own where the
 * system keeps what goes with the session. It is removed however the editor ends, and when we do.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { err, ok, type Result } from '../../base/result.ts';
import { MAX_INPUT } from '../core/input-line.ts';
import { PRIVATE_FILE, systemWords } from './files.ts';

/** Bytes of a file whose text the line can hold: three for each UTF-16 unit, and a newline at its end. */
const MAX_BYTES = 3 * MAX_INPUT + 1;
/** Exit statuses of a shell for what it could not find, and could not run. */
const NOT_FOUND = 127;
const NOT_RUN = 126;

type Environment = Readonly<Record<string, string | undefined>>;

/** $VISUAL is for whole screens, $EDITOR what is left of lines; POSIX and git ask in this order. */
export const editorOf = ({ VISUAL, EDITOR }: Environment): string | undefined =>
  [VISUAL, EDITOR].find((one) => one !== undefined && one.trim() !== '');

/** In memory, and removed with the session, where the system has that. */
const parentOf = ({ XDG_RUNTIME_DIR: runtime }: Environment): string =>
  runtime !== undefined && isAbsolute(runtime) ? runtime : tmpdir();

/** A folder that only its owner may enter. */
function freshFolder(env: Environment): string {
  try {
    return mkdtempSync(join(parentOf(env), 'uchat-'));
  } catch {
    // The session's folder may be gone, as after `su`.
    return mkdtempSync(join(tmpdir(), 'uchat-'));
  }
}

function write(path: string, text: string): void {
  const file = openSync(path, 'wx', PRIVATE_FILE);
  try {
    // An editor takes a last line without a newline for a broken one.
    writeSync(file, text === '' ? '' : `${text}\n`);
  } finally {
    closeSync(file);
  }
}

/** What became of the file; `keep`: it has what the line can't hold, so it stays where it is. */
function read(path: string): { readonly result: Result<string, string>; readonly keep: boolean } {
  const kept = (why: string) => ({ result: err(`${why}: it stays in ${path}, and your draft as it was`), keep: true });
  try {
    const { size } = statSync(path);
    if (size > MAX_BYTES) return kept(`what you wrote has ${size} bytes, and the line holds ${MAX_INPUT} characters`);
    const text = readFileSync(path, 'utf8').replace(/(\r?\n)+$/, '');
    if (text.length > MAX_INPUT)
      return kept(`what you wrote has ${text.length} characters, and the line holds ${MAX_INPUT}`);
    return { result: ok(text), keep: false };
  } catch (error) {
    const why = `what you wrote could not be read (${systemWords(error)}): your draft is as it was`;
    return { result: err(why), keep: false };
  }
}

/** Gives the terminal away, and takes it back. */
interface Around {
  readonly before: () => void;
  readonly after: () => void;
}

/** One run of the editor. */
export class Editing {
  #folder: string | undefined;
  #child: ChildProcess | undefined;
  /** We end: so does the editor, and its file goes. Works in an exit handler. */
  readonly drop = (): void => {
    this.#child?.kill();
    this.#clean();
  };

  /** @returns the text that was left, or one line that says why there is none. Never rejects. */
  async edit(text: string, around: Around, env: Environment = process.env): Promise<Result<string, string>> {
    const editor = editorOf(env);
    if (editor === undefined)
      return err('no editor is chosen: put its name into VISUAL or EDITOR, such as export EDITOR=nano');
    process.on('exit', this.drop);
    try {
      this.#folder = freshFolder(env);
      const path = join(this.#folder, 'message.txt');
      write(path, text);
      const wrong = await this.#run(editor, path, around);
      if (wrong !== undefined) return err(`the editor "${editor}" ${wrong}: your draft is as it was`);
      const { result, keep } = read(path);
      if (keep) this.#folder = undefined;
      return result;
    } catch (error) {
      return err(`there is no file for the editor (${systemWords(error)}): your draft is as it was`);
    } finally {
      process.off('exit', this.drop);
      this.#clean();
    }
  }

  /** By a shell, since what is chosen may have arguments: `code --wait`. @returns what went wrong. */
  async #run(editor: string, path: string, { before, after }: Around): Promise<string | undefined> {
    before();
    try {
      const status = await new Promise<number | NodeJS.Signals | null>((resolve, reject) => {
        const child = spawn('sh', ['-c', `${editor} "$@"`, editor, path], { stdio: 'inherit' });
        this.#child = child;
        child.once('error', reject);
        child.once('close', (code, signal) => resolve(code ?? signal));
      });
      if (status === 0) return undefined;
      if (status === NOT_FOUND) return 'was not found';
      if (status === NOT_RUN) return 'can not be run';
      return typeof status === 'number' ? `ended with status ${status}` : `was ended by ${status ?? 'a signal'}`;
    } catch (error) {
      return `could not be started (${systemWords(error)})`;
    } finally {
      this.#child = undefined;
      after();
    }
  }

  #clean(): void {
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
    this.#folder = undefined;
  }
}
