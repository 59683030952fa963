/** What an option holds. `switch` is on or off; `flag` is true when it is there. */
export type Kind = 'text' | 'flag' | 'switch' | 'port' | 'count' | 'duration';

/** What a text stands for: manuals call it so, and shells complete it so. */
export type Value = 'ADDRESS' | 'CODE' | 'FILE' | 'FOLDER' | 'HOST[:PORT]' | 'NAME' | 'RULE' | 'THEME' | 'WORDS';

export interface Option {
  readonly kind: Kind | readonly string[];
  /** What it is for; in parentheses what holds without it. */
  readonly says: string;
  /** Of a text. */
  readonly value?: Value;
  /** Never read from a file: it chooses the file, or what this run does. */
  readonly argvOnly?: true;
}

export type OptionTable = Readonly<Record<string, Option>>;
