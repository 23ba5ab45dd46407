/** What can be made to fail: the connector's routes, the token endpoint, Graph and mail. */
export type Route =
  | "create"
  | "send"
  | "update"
  | "delete"
  | "member"
  | "members"
  | "meeting"
  | "participant"
  | "notification"
  | "token"
  | `graph.${"user" | "make" | "find" | "move" | "cancel" | "meeting" | "options" | "catalog" | "install" | "tabs" | "tab" | "schedule"}`
  | "mail";

export interface Fault {
  route: Route;
  /** HTTP status, or the SMTP code for mail; 0 cuts the connection. */
  status: number;
  /** Microsoft's error code in the body, "ServiceError" if not given. */
  code?: string;
  /** Seconds, for 429. */
  retryAfter?: number;
  /** The work is done and only the answer is lost: the hard case for whoever retries. */
  afterEffect?: boolean;
  /** How many calls fail, one if not given. */
  times?: number;
  /** Only calls to this conversation (or, for mail, this recipient) fail. */
  to?: string;
}

/** Failures ordered in advance by a test. */
export class Faults {
  private waiting: (Fault & { left: number })[] = [];

  /** The next call to the route fails thus. */
  next(fault: Fault): void {
    this.waiting.push({ ...fault, left: fault.times ?? 1 });
  }

  /** How many of them have not struck yet. */
  get left(): number {
    return this.waiting.reduce((sum, { left }) => sum + left, 0);
  }

  clear(): void {
    this.waiting = [];
  }

  /** Takes the failure ordered for this call, if there is one. */
  take(route: Route, to = ""): Fault | undefined {
    const fault = this.waiting.find((waiting) => waiting.route === route && (!waiting.to || waiting.to === to));
    if (!fault) return undefined;
    fault.left -= 1;
    if (fault.left <= 0) this.waiting = this.waiting.filter((waiting) => waiting !== fault);
    return fault;
  }
}
