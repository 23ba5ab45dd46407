import { inspect } from "node:util";

/**
 * A value that must not be printed. Logging, `JSON.stringify`, string concatenation and `console.log` show a mask;
 * only {@link Secret.reveal} yields the value, so each use can be found by its name.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself, for the one call that needs it. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return "[secret]";
  }

  toJSON(): string {
    return "[secret]";
  }

  [inspect.custom](): string {
    return "[secret]";
  }
}
