/** What `--serve` does in place of running a server, and what goes with each: an option that is passed over misleads. */
import { SERVER, SHARED } from './options.ts';

/** Options of each, beside those that say which data folder is meant. */
const ACTIONS = {
  stop: [],
  status: [],
  check: ['json', 'tls-cert', 'tls-key'],
} as const satisfies Readonly<Partial<Record<keyof typeof SERVER, readonly string[]>>>;

const NAMES = ['stop', 'status', 'check'] as const satisfies readonly (keyof typeof ACTIONS)[];

function listed(names: readonly string[]): string {
  const options = names.map((name) => `--${name}`);
  return `${options.slice(0, -1).join(', ')} and ${options.at(-1)}`;
}

/** @param argv with `serve` in it. @returns one line about what does not go together; undefined where all does. */
export function goTogether(argv: Readonly<Record<string, unknown>>): string | undefined {
  const isTyped = (name: string): boolean => argv[name] !== undefined && argv[name] !== false;
  const [action, other] = NAMES.filter(isTyped);
  if (action === undefined) return isTyped('json') ? '--json goes with --check' : undefined;
  if (other !== undefined) return `--${action} and --${other} exclude each other; keep one`;
  const taken: readonly string[] = [...SHARED, ...ACTIONS[action]];
  const wrong = Object.keys(SERVER).find((name) => ![action, 'serve', ...taken].includes(name) && isTyped(name));
  return wrong === undefined
    ? undefined
    : `--${wrong} is not for --${action}, which takes only ${listed(taken)} beside --serve`;
}
