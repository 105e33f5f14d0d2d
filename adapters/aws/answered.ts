import { Fault } from "../../core/fault.ts";
import type { AwsCall } from "../../core/flow/aws-call.ts";
import type { RefusalCode, Written } from "../../core/respond/control-plane.ts";
import { nameOf, toFault } from "./fault.ts";

/**
 * AWS's names for a no that stays a no, without their ending "Exception" (IAM, Lambda and Auto Scaling API references,
 * "Common errors"). `EntityTemporarilyUnmodifiable` and `ConcurrentModification` are not among them: they pass.
 */
const refusals: ReadonlyMap<string, RefusalCode> = new Map(
  (
    [
      ["denied", ["AccessDenied", "UnauthorizedOperation", "OptInRequired"]],
      ["limit", ["LimitExceeded", "InvalidParameterValueLimitExceeded"]],
      ["gone", ["NoSuchEntity", "ResourceNotFound"]],
      ["unmodifiable", ["UnmodifiableEntity", "PolicyNotAttachable", "DeleteConflict"]],
      ["malformed", ["MalformedPolicyDocument", "InvalidInput", "ValidationError", "InvalidParameterValue"]],
    ] satisfies readonly [RefusalCode, readonly string[]][]
  ).flatMap(([code, names]) => names.map((name) => [name, code] as const)),
);

/** True when IAM says that what was asked for does not exist. */
export const isGone = (cause: unknown): boolean => refusals.get(plain(cause)) === "gone";

/**
 * Sends one mutating call once and says what the account answered. Whoever gets `ambiguous` has to read: a time-out, a
 * reset, a throttled call, a conflict and a server error may have come before or after the effect. Throws a Fault when
 * nothing was sent, for want of credentials, and what is a bug of ours.
 */
export async function answered(
  send: () => Promise<unknown>,
  call: AwsCall,
  names: Readonly<Record<string, string>>,
): Promise<Written> {
  try {
    await send();
    return { kind: "accepted" };
  } catch (cause) {
    const code = refusals.get(plain(cause));
    const fault = toFault(cause, { call, names });
    const because = fault instanceof Error ? fault.message : String(fault);
    if (code !== undefined) return { kind: "refused", code, because };
    if (fault instanceof Fault) {
      if (fault === cause || fault.code === "misconfigured") throw fault;
      return fault.code === "denied" ? { kind: "refused", code: "denied", because } : { kind: "ambiguous", because };
    }
    // An answer that none of the names above covers, or that is no answer of AWS's: whether it did anything is read back.
    if (cause instanceof Error && ("$metadata" in cause || "$response" in cause)) return { kind: "ambiguous", because };
    throw fault;
  }
}

const plain = (cause: unknown): string => nameOf(cause).replace(/Exception$/, "");
