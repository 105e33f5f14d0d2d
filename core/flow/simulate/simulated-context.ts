import type { Principal } from "../../event/principal.ts";
import { accountOf } from "../../iam/arn.ts";
import { type Context, contextOf } from "../../iam/context.ts";
import type { Shown } from "../../iam/unsure-policy.ts";
import type { Conduct, Origin } from "../../identity/conduct.ts";

/** A call as a policy is asked about it: what its record tells, and what it does not. */
export interface ShownCall {
  readonly context: Context;
  readonly shown: Shown;
  /** Equal for calls of which the same is known. */
  readonly key: string;
}

/**
 * What a record tells of a request's context (IAM User Guide, "AWS global condition context keys"). Requests count as made
 * over TLS, as AWS's clients make them.
 */
export function contextOfCall(
  { region, origin }: Conduct,
  principal: Principal,
  resource: string | undefined,
): ShownCall {
  const owner = resource === undefined ? undefined : accountOf(resource);
  const values: Record<string, string> = {
    "aws:requestedregion": region,
    "aws:securetransport": "true",
    ...(principal.kind === "assumed-role" ? { "aws:principalarn": principal.role } : {}),
    ...(principal.id === undefined ? {} : { "aws:userid": principal.id }),
    ...(owner === undefined ? {} : { "aws:resourceaccount": owner }),
    ...valuesOfOrigin(origin),
  };
  const known = new Set([...callerKeys, ...keysOfOrigin(origin), ...Object.keys(values)]);
  const place = resource === undefined ? "unknown" : "known";
  return {
    context: contextOf(values),
    shown: { knows: (key) => known.has(key), resource: place },
    key: [
      origin?.kind ?? "no-origin",
      place,
      owner === undefined ? "nobody" : "owned",
      principal.id === undefined,
    ].join(" "),
  };
}

/** What the caller's name tells; `contextOfCaller` answers these. */
const callerKeys = [
  "aws:principalaccount",
  "aws:principalarn",
  "aws:principalisawsservice",
  "aws:principaltype",
  "aws:username",
] as const;

/** Keys that AWS sets or leaves out by the way a call came in. */
function keysOfOrigin(origin: Origin | undefined): readonly string[] {
  switch (origin?.kind) {
    case "vpc-endpoint":
    case "address":
      return ["aws:sourceip", "aws:sourcevpce", "aws:viaawsservice"];
    case "service":
      return ["aws:viaawsservice"];
    case undefined:
      return [];
  }
}

function valuesOfOrigin(origin: Origin | undefined): Readonly<Record<string, string>> {
  switch (origin?.kind) {
    case "vpc-endpoint":
      return { "aws:sourcevpce": origin.id, "aws:viaawsservice": "false" };
    case "address":
      return { "aws:sourceip": origin.address, "aws:viaawsservice": "false" };
    case "service":
      return { "aws:viaawsservice": "true" };
    case undefined:
      return {};
  }
}
