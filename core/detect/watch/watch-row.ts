import type { ApiCall } from "../../event/event.ts";
import { at, type Json } from "../../event/json.ts";
import type { ApiName } from "../../iam/identifiers.ts";
import type { Severity } from "../finding.ts";

/** A call after which somebody who watches an account sees less, as data. */
export interface WatchRow {
  readonly api: ApiName;
  /** A title for the deed, and what stands behind "Somebody tried to"; `{}` is the name of the thing. */
  readonly did: string;
  readonly tried: string;
  /** How bad that is whoever does it; `quiet` matters only where the thing is this deployment's own. */
  readonly severity: Severity | "quiet";
  /** Paths of the thing's name in the request, the first that is there. Without any the account is what it is about. */
  readonly named: readonly string[];
  /** What makes an ARN of the name: service, colon, and what stands before the name. */
  readonly as?: string;
  /** Where the parameters decide: what they say; nothing where the call takes nothing away. */
  readonly says?: (call: ApiCall) => Said | undefined;
  /** AWS's page that says what the call does. */
  readonly source: `https://docs.aws.amazon.com/${string}`;
}

/** What the parameters of a call say about how bad it is. */
export interface Said {
  readonly path: string;
  readonly value: Json;
  readonly severity?: Severity;
  readonly did?: string;
  readonly tried?: string;
}

/** The value at a path of the request when it is this one. */
export const when =
  (path: string, is: (value: Json) => boolean, more: Omit<Said, "path" | "value"> = {}) =>
  (call: ApiCall): Said | undefined => {
    const value = at(call.request, ...path.split("."));
    return value !== undefined && is(value) ? { path: `requestParameters.${path}`, value, ...more } : undefined;
  };

export const isFalse = (value: Json): boolean => value === false || value === "false";
export const isTrue = (value: Json): boolean => value === true || value === "true";

const hints = [
  ...["cloudtrail", "trail-", "-trail", "aws-logs", "awslogs", "access-log", "accesslog", "audit", "securitylake"],
  ...["flowlog", "flow-log", "vpcflow", "guardduty", "securityhub", "config-bucket", "aws-config", "waf-log"],
  ...["bedrock", "agentcore", "resolver-query", "/aws/eks/", "siem"],
];

/** Whether a log group or bucket is named like one that holds what is watched. Its owner named it, not whoever empties it. */
export function namedLikeAWatch(name: string): boolean {
  const lower = name.toLowerCase();
  return hints.some((hint) => lower.includes(hint));
}
