import type { Instant } from "../../event/instant.ts";
import {
  choice,
  list,
  mapping,
  optional,
  type Read,
  type Reader,
  refused,
  required,
  ruled,
  text,
} from "./manifest-reader.ts";
import { accountId, arn, moment, name, region, words } from "./manifest-value.ts";
import { sharedMetadata, sharedSpec } from "./manifest-workload.ts";

const day = 86_400_000;
const version = required(choice("cordon/v1, the version this Cordon reads", ["cordon/v1"]));
const metadata = required(mapping("metadata", { name: required(name), owner: optional(words) }));

const anyArn = text("an ARN, exact or ending in *", (value) =>
  /^arn:[a-z][a-z0-9-]*:[a-z0-9-]+:[a-z0-9-]*:(?:\d{12})?:[^\s*?]+\*?$/.test(value)
    ? value
    : refused("write all six fields; * may stand at the end of the name only"),
);

const roleArn = arn({ service: ["iam"], resource: "role/", scope: "global", sample: "break-glass" });

/** What a person decided to expect, for a while: findings up to a severity of one detector about one thing. */
export interface Exception extends Read<typeof exceptionFields> {
  readonly name: string;
  readonly where: string;
}

/** People who may approve, as the identity provider names them. */
export interface Approver extends Read<typeof approverFields> {
  readonly name: string;
  readonly where: string;
}

/** What one deployment may do and where. */
export interface Deployment extends Read<typeof deploymentFields> {
  readonly name: string;
  readonly where: string;
}

const exceptionFields = {
  detector: required(name),
  workload: optional(name),
  principal: optional(anyArn),
  resource: optional(anyArn),
  /** The highest severity it speaks of. */
  upTo: optional(choice("a severity", ["info", "low", "medium", "high", "critical"])),
  from: required(moment),
  until: required(moment),
  reason: required(words),
  approvedBy: required(words),
  ticket: optional(words),
};

const approverFields = {
  identities: required(
    list(mapping("the identity", { issuer: required(words), subject: required(words), email: optional(words) })),
  ),
};

const deploymentFields = {
  mode: optional(choice("a mode", ["observe", "ticket", "contain"])),
  undeclared: optional(choice("contain, approval or never", ["contain", "approval", "never"])),
  accounts: optional(list(accountId)),
  regions: optional(list(region)),
  protected: optional(list(anyArn)),
  breakGlassRoles: optional(list(roleArn)),
};

interface Lasting {
  readonly from: Instant;
  readonly until: Instant;
  readonly upTo?: string;
}

/** Exceptions end: after 90 days, after 30 when they cover high and above. */
function lasts({ from, until, upTo }: Lasting): { readonly key: string; readonly because: string } | undefined {
  if (until <= from) return { key: "until", because: "an exception ends after it begins" };
  const days = upTo === "high" || upTo === "critical" ? 30 : 90;
  if (until - from <= days * day) return undefined;
  return {
    key: "until",
    because: `an exception up to ${upTo ?? "medium"} lasts at most ${days} days: end it earlier and renew it`,
  };
}

/** The whole document of kind Exception. */
export const exceptionDocument = mapping("the Exception", {
  apiVersion: version,
  kind: required(choice("a kind", ["Exception"])),
  metadata,
  spec: required(
    ruled(
      ruled(mapping("spec", exceptionFields), ({ workload, principal, resource }) =>
        workload === undefined && principal === undefined && resource === undefined
          ? {
              key: "detector",
              because: "an exception needs workload, principal or resource: about whom may this be expected?",
            }
          : undefined,
      ),
      lasts,
    ),
  ),
});

/** The whole document of kind Approver. */
export const approverDocument = mapping("the Approver", {
  apiVersion: version,
  kind: required(choice("a kind", ["Approver"])),
  metadata,
  spec: required(mapping("spec", approverFields)),
});

/** The whole document of kind Deployment. */
export const deploymentDocument = mapping("the Deployment", {
  apiVersion: version,
  kind: required(choice("a kind", ["Deployment"])),
  metadata,
  spec: required(mapping("spec", deploymentFields)),
});

/** The whole document of kind Profile: what workloads may share. */
export const profileDocument: Reader<unknown> = mapping("the Profile", {
  apiVersion: version,
  kind: required(choice("a kind", ["Profile"])),
  extends: optional(name),
  metadata: required(mapping("metadata", { name: required(name), owner: optional(words), ...sharedMetadata })),
  spec: optional(mapping("spec", sharedSpec)),
});
