const REDACTED = '[secret]';

/**
 * A text that nobody may see by accident: printed, logged, inspected or turned into JSON it is `[secret]`, and it can be
 * neither cloned nor enumerated. Only `reveal` gives it, which is easy to look for.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  /** What `console.log` and `util.inspect` of Node show; the symbol is registered, so that nothing has to be imported. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return REDACTED;
  }
}
