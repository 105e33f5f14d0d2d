import type { Principal } from "../../../../core/event/principal.ts";
import { plainOf } from "../../../../core/flow/suggest/noted.ts";
import { type Draft, type Suggestions, type SuggestQuestion, suggest } from "../../../../core/flow/suggest/suggest.ts";
import { workloadIn } from "../../../../core/flow/suggest/suggest-readable.ts";
import type { ConductCount } from "../../../../core/flow/suggest/suggest-use.ts";
import { noAccounts } from "../../../../core/iam/account/account-state.ts";
import type { RoleArn } from "../../../../core/iam/arn.ts";
import type { Attribution, ClaimClass } from "../../../../core/identity/attribution.ts";
import type { Conduct } from "../../../../core/identity/conduct.ts";
import { noPlacements } from "../../../../core/identity/placement.ts";
import { emptyRegistry } from "../../../../core/identity/registry.ts";
import type { Workload } from "../../../../core/identity/workload.ts";
import { tables } from "../../../fixtures/tables.ts";

export const account = "111122223333";
export const region = "us-east-1";
export const day = 86_400;
/** 2026-01-01T00:00:00Z. */
export const start = 1_767_225_600;

export const roleArn = (name: string, of = account): RoleArn => `arn:aws:iam::${of}:role/${name}`;
export const functionArn = (name: string): string => `arn:aws:lambda:${region}:${account}:function:${name}`;

/** A read of one object. */
export const conduct = (over: Partial<Conduct> = {}): Conduct => ({
  api: "dynamodb:GetItem",
  partition: "aws",
  region,
  account,
  checks: [{ action: "dynamodb:GetItem", resources: [`arn:aws:dynamodb:${region}:${account}:table/orders`] }],
  outcome: "done",
  origin: { kind: "address", address: "192.0.2.10" },
  ...over,
});

export const did = (
  over: Partial<Conduct> = {},
  counted: Partial<Omit<ConductCount, "conduct">> = {},
): ConductCount => ({
  conduct: conduct(over),
  count: 1,
  first: start,
  last: start,
  ...counted,
});

/** One action on resources. */
export const on = (action: string, ...resources: readonly string[]): Partial<Conduct> => ({
  api: action as Conduct["api"],
  checks: [{ action, resources }],
});

/** Who signs, as the state's principals and the attributor would tell. */
export interface Actor {
  readonly principal: Principal;
  readonly attribution: Attribution;
}

export const session = (role: string): Principal => ({
  kind: "assumed-role",
  role: roleArn(role),
  arn: `arn:aws:sts::${account}:assumed-role/${role}/s`,
  session: { name: "s" },
});

const verdict = {
  because: "test",
  confidence: "high",
  root: { kind: "unknown", id: "" },
  hops: [
    { principal: "s", accessKeyId: null, eventID: "1" },
    { principal: "service", accessKeyId: null, eventID: null, end: "service" },
  ],
} as const;

export const nobody = (role: string): Actor => ({
  principal: session(role),
  attribution: { kind: "unattributed", id: `role:${roleArn(role)}`, ...verdict },
});

export const ran = (
  id: string,
  role: string,
  over: { readonly class?: ClaimClass; readonly declared?: boolean; readonly hops?: Attribution["hops"] } = {},
): Actor => ({
  principal: session(role),
  attribution: { kind: "workload", id, declared: false, class: "linked", ...verdict, ...over },
});

/** Rows of several actors, as one question. */
export function asked(
  actors: readonly (Actor & { readonly rows: readonly ConductCount[] })[],
  over: Partial<SuggestQuestion> = {},
): Suggestions {
  return suggest({
    rows: actors.flatMap(({ rows }, principal) => rows.map((row) => ({ ...row, principal }))),
    capacity: [],
    asks: [],
    principalOf: (number) => actors[number]?.principal ?? { kind: "unknown", type: "" },
    attributionOf: (number) => actors[number]?.attribution ?? { kind: "unattributed", ...verdict },
    registry: emptyRegistry,
    placements: noPlacements,
    accounts: noAccounts,
    tables: tables.iam,
    facts: [],
    taken: new Set(),
    history: { first: start, last: start + day },
    ...over,
  });
}

export const drafted = (rows: readonly ConductCount[], over: Partial<SuggestQuestion> = {}): Draft => {
  const [draft] = asked([{ ...nobody("bot"), rows }], over).drafts;
  if (draft === undefined) throw new Error("no draft");
  return draft;
};

/** What the draft declares; a draft that does not read as a manifest fails the test. */
export function declared(draft: Draft): Workload {
  const read = workloadIn(plainOf(draft.document));
  if ("name" in read) return read;
  throw new Error(read.join("\n"));
}
