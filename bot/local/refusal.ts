/** What Teams says when an app fails, whatever the reason. */
export const WENT_WRONG = "Something went wrong. Please try again.";

/** A call that Teams would refuse: the HTTP status, Microsoft's error code and a line for the developer. */
export class TeamsRefusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** Whole seconds, for 429. */
    readonly retryAfter?: number,
  ) {
    super(message);
  }
}

/** A call of the page that cannot be done: becomes a 4xx with `{ code, message }`. */
export class PageRefusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}
