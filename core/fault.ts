/** What went wrong outside. Values describe expected outcomes; a Fault is only for a port that could not answer. */
export type FaultCode = "throttled" | "denied" | "not-found" | "conflict" | "unreachable" | "misconfigured" | "full";

const transient: ReadonlySet<FaultCode> = new Set(["throttled", "conflict", "unreachable"]);

/** The one error a port may throw: a code for machines, a message for the person who reads it, the cause below it. */
export class Fault extends Error {
  override readonly name = "Fault";
  readonly code: FaultCode;

  constructor(code: FaultCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  /** True when the same call may succeed later; the queue decides how much later. */
  get retryable(): boolean {
    return transient.has(this.code);
  }
}
