import { canonicalDigest } from "../../event/canonical.ts";
import { type Located, type Place, plain } from "../../event/located.ts";
import { type Grant, type Workload, workloadClasses } from "../workload.ts";
import {
  choice,
  flag,
  inherited,
  list,
  mapping,
  number,
  optional,
  type Reader,
  refused,
  required,
  ruled,
  text,
} from "./manifest-reader.ts";
import { type PlacedSelector, selector } from "./manifest-selector.ts";
import { statement } from "./manifest-statement.ts";
import { arn, cidr, duration, moment, name, pattern, region, words } from "./manifest-value.ts";
import { nearest } from "./nearest.ts";
import { roleOf } from "./selector.ts";

/** A workload and where its selectors are written, in their order. */
export interface Declaration {
  readonly workload: Workload;
  readonly place: Place;
  readonly selectors: readonly PlacedSelector[];
}

/** Free text but for what is almost `critical`: a slip there would switch a guard off. */
const tier = text("a tier", (value) =>
  value !== "critical" && nearest(value, ["critical"]) !== undefined
    ? refused('did you mean "critical"?')
    : value.length > 0 && value.length <= 63
      ? value
      : refused("write 1 to 63 characters"),
);

const secretArn = arn({
  service: ["secretsmanager", "ssm"],
  resource: "",
  scope: "regional",
  sample: "secret:support-bot/*",
});

const accelerators = mapping("accelerators", {
  families: inherited(list(pattern("an instance family (g5)"), "may-be-empty")),
  maxInstances: optional(number("a number of instances", 0, 1_000_000, "whole")),
  maxHourlyUsd: optional(number("US dollars an hour", 0, 100_000_000, "any")),
});

const callee = text("agent:<name> or gateway:<name>", (value) =>
  /^(?:agent|gateway):[\w.-]{1,100}\*?$/.test(value) ? value : refused("write the kind, a colon and the name"),
);

const vpcEndpoint = text("a VPC endpoint (vpce-0abc)", (value) =>
  /^vpce-[0-9a-z]{1,32}$/.test(value) ? value : refused("write its id, exact"),
);

/** As STS takes it (`SourceIdentity`): 2 to 64 of these characters. A lone `*` would accept everybody. */
const sourceIdentity = text("a source identity, exact or ending in *", (value) =>
  /^[\w+=,.@-]{2,64}$/.test(value) || /^[\w+=,.@-]{1,63}\*$/.test(value)
    ? value
    : refused("write 2 to 64 letters, digits or +=,.@_-, with a * at the end at most"),
);

const envelope = mapping("envelope", {
  statements: optional(list(statement, "may-be-empty")),
  regions: optional(list(region, "may-be-empty")),
  models: optional(list(pattern("a model id (anthropic.claude-*)"), "may-be-empty")),
  accelerators: optional(accelerators),
  secrets: optional(list(secretArn, "may-be-empty")),
  session: optional(mapping("session", { maxSeconds: required(number("seconds", 1, 129_600, "whole")) })),
  chain: optional(
    mapping("chain", {
      maxHops: optional(number("a number of hops", 0, 100, "whole")),
      maxHours: optional(number("hours", 0, 8_760, "any")),
    }),
  ),
  origin: optional(
    mapping("origin", {
      vpcEndpoints: optional(list(vpcEndpoint, "may-be-empty")),
      cidrs: optional(list(cidr, "may-be-empty")),
    }),
  ),
  mayInvoke: optional(list(callee, "may-be-empty")),
});

const grant: Reader<Grant> = ruled(
  mapping("the grant", {
    id: required(name),
    statements: required(list(statement)),
    from: required(moment),
    until: required(moment),
    approvedBy: required(words),
    ticket: optional(words),
  }),
  ({ from, until }) => (from < until ? undefined : { key: "until", because: "a grant ends after it begins" }),
);

const response = mapping("response", {
  contain: optional(choice("automatic, approval or never", ["automatic", "approval", "never"])),
  release: optional(mapping("release", { after: required(duration) })),
  approvers: optional(list(words)),
});

/** Keys of `metadata` that a profile may share. `status` is one workload's own. */
export const sharedMetadata = {
  oncall: optional(words),
  environment: optional(words),
  tier: optional(tier),
  protected: optional(flag),
};

/** Keys of `spec` that a profile may share. What a workload is and what it was granted is its own. */
export const sharedSpec = {
  class: optional(choice("a class", workloadClasses)),
  envelope: optional(envelope),
  response: optional(response),
};

/** The whole document of kind Workload, read after its profile was merged in. */
export const workloadDocument = mapping("the Workload", {
  apiVersion: required(choice("cordon/v1, the version this Cordon reads", ["cordon/v1"])),
  kind: required(choice("a kind", ["Workload"])),
  extends: optional(name),
  metadata: required(
    mapping("metadata", {
      name: required(name),
      owner: inherited(words),
      status: optional(choice("active or draft", ["active", "draft"])),
      ...sharedMetadata,
    }),
  ),
  spec: required(
    mapping("spec", {
      identifiedBy: required(list(selector)),
      sourceIdentities: optional(list(sourceIdentity)),
      grants: optional(list(grant, "may-be-empty")),
      ...sharedSpec,
    }),
  ),
});

type Document = typeof workloadDocument extends Reader<infer T> ? T : never;

/** The workload of a checked document. */
export function declarationOf({ metadata, spec }: Document, value: Located): Declaration {
  const { status = "active", protected: kept = false, ...described } = metadata;
  const workload: Workload = {
    ...described,
    protected: kept,
    status,
    ...(spec.class === undefined ? {} : { class: spec.class }),
    roles: spec.identifiedBy
      .map(roleOf)
      .filter((role) => role !== undefined)
      .filter((role) => !role.endsWith("*")),
    selectors: spec.identifiedBy.map(({ kind, value }) => ({ kind, value })),
    ...(spec.sourceIdentities === undefined ? {} : { sourceIdentities: spec.sourceIdentities }),
    envelope: { ...spec.envelope, statements: spec.envelope?.statements ?? [] },
    ...(spec.grants === undefined ? {} : { grants: spec.grants }),
    response: { contain: "approval", ...spec.response },
    where: `${value.place.file}:${value.place.line}`,
    hash: canonicalDigest(plain(value)),
  };
  return { workload, place: value.place, selectors: spec.identifiedBy };
}
