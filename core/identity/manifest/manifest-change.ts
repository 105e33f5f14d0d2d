import { choice, list, mapping, optional, type Read, refused, required, ruled, text } from "./manifest-reader.ts";
import { statement } from "./manifest-statement.ts";
import { moment, name, words } from "./manifest-value.ts";

const day = 86_400_000;

/** A change that somebody announced before it was applied: by which run, until when, and all that it gains. */
export interface Change extends Read<typeof changeFields> {
  readonly name: string;
  readonly where: string;
}

const identityArn = text("the ARN of a role, user or group, exact", (value) =>
  /^arn:[a-z][a-z0-9-]*:iam::\d{12}:(?:role|user|group)\/[\w+=,.@/-]+$/.test(value)
    ? value
    : refused("write all six fields, without a pattern: an announcement names what it changes"),
);

const digest = text(
  "the SHA-256 of the plan (sha256: and 64 hex digits)",
  (value) => (/^sha256:[0-9a-f]{64}$/.test(value) ? value : refused("write sha256: and 64 lower-case hex digits")),
  { pattern: "^sha256:[0-9a-f]{64}$" },
);

const call = text("a call as service:Name (iam:DeleteRolePermissionsBoundary)", (value) =>
  /^[a-z0-9-]+:[A-Za-z0-9]+$/.test(value)
    ? value
    : refused("write the event source without its domain, and the event name"),
);

const run = ruled(mapping("run", { subject: optional(words), session: optional(words) }), ({ subject, session }) =>
  subject === undefined && session === undefined
    ? { key: "subject", because: "a run is named by its token's subject, its session name, or both" }
    : undefined,
);

const changeFields = {
  /** The declared deployment or pipeline that applies it. */
  workload: required(name),
  /** Narrower than the workload: this run of it only. */
  run: optional(run),
  plan: required(digest),
  ticket: required(words),
  approvedBy: optional(words),
  /** When it was announced: before it may begin. */
  posted: required(moment),
  from: required(moment),
  until: required(moment),
  /** What identities may gain. */
  grants: optional(
    list(mapping("the grant", { principal: required(identityArn), statements: required(list(statement)) })),
  ),
  /** Whom roles may newly let in, each as a trust policy names them. */
  trust: optional(
    list(
      mapping("the trust", {
        role: required(identityArn),
        principals: required(list(words)),
      }),
    ),
  ),
  /** Calls whose effect is neither: a guard-rail taken off, a provider added. `resource` as the finding names it. */
  calls: optional(list(mapping("the call", { call: required(call), resource: required(words) }))),
};

interface Announced {
  readonly posted: number;
  readonly from: number;
  readonly until: number;
  readonly grants?: unknown;
  readonly trust?: unknown;
  readonly calls?: unknown;
}

/** An announcement is posted first, is short, and says something. */
function announces({ posted, from, until, ...gains }: Announced) {
  if (posted > from) return { key: "posted", because: "a change is announced before it may begin: post it first" };
  if (until <= from) return { key: "until", because: "a change ends after it begins" };
  if (until - from > 7 * day)
    return { key: "until", because: "an announcement lasts at most 7 days: announce it again" };
  return gains.grants === undefined && gains.trust === undefined && gains.calls === undefined
    ? { key: "plan", because: "an announcement lists what it gains: grants, trust or calls" }
    : undefined;
}

/** The whole document of kind Change. */
export const changeDocument = mapping("the Change", {
  apiVersion: required(choice("cordon/v1, the version this Cordon reads", ["cordon/v1"])),
  kind: required(choice("a kind", ["Change"])),
  metadata: required(mapping("metadata", { name: required(name), owner: optional(words) })),
  spec: required(ruled(mapping("spec", changeFields), announces)),
});
