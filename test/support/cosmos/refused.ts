/** A request answered with an error status, as the service would; thrown anywhere below the server. */
export class Refused extends Error {
  /**
   * @param status HTTP status
   * @param substatus the service's finer code (`x-ms-substatus`), where it gives one
   * @param extra further members of the answer's body
   * @param headers further headers of the answer
   */
  constructor(
    readonly status: number,
    message: string,
    readonly substatus?: number,
    readonly extra: Record<string, unknown> = {},
    readonly headers: Record<string, string> = {},
  ) {
    super(message);
  }
}

/** What this double does not do is answered 400: a test must never pass on a guess. */
export const notImplemented = (what: string) => new Refused(400, `Not implemented by this double: ${what}`);
