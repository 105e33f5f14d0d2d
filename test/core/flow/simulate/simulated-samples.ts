import { instant } from "../../../../core/event/instant.ts";
import type { Principal } from "../../../../core/event/principal.ts";
import type { SeenCalls } from "../../../../core/flow/simulate/simulated-calls.ts";
import type { RoleArn } from "../../../../core/iam/arn.ts";
import type { Check } from "../../../../core/iam/authorisation.ts";
import { asAccountId } from "../../../../core/iam/identifiers.ts";
import { type PolicyDocument, parsePolicy } from "../../../../core/iam/policy.ts";
import type { Attribution } from "../../../../core/identity/attribution.ts";
import type { Conduct } from "../../../../core/identity/conduct.ts";

export const account = "111122223333";

export const sessionOf = (role: string): Principal => {
  const own = asAccountId(account);
  return {
    kind: "assumed-role",
    arn: `arn:aws:sts::${account}:assumed-role/${role.slice(role.lastIndexOf("/") + 1)}/s1`,
    id: "AROACKCEVSQ6C2EXAMPLE:s1",
    role: `arn:aws:iam::${account}:role/${role}` as RoleArn,
    session: { name: "s1" },
    ...(own === undefined ? {} : { account: own }),
  };
};

export const conduct = (action: string, resources: readonly string[], over: Partial<Conduct> = {}): Conduct => ({
  api: action as Conduct["api"],
  partition: "aws",
  region: "us-east-1",
  account,
  checks: [{ action, resources } satisfies Check],
  outcome: "done",
  origin: { kind: "address", address: "192.0.2.10" },
  ...over,
});

export const documentOf = (...statements: readonly unknown[]): PolicyDocument => {
  const parsed = parsePolicy({ Version: "2012-10-17", Statement: statements });
  if (!parsed.ok) throw new Error(parsed.because);
  return parsed.document;
};

export const workloadOf = (id: string, over: { readonly declared?: boolean } = {}): Attribution => ({
  kind: "workload",
  id,
  declared: true,
  class: "indexed",
  because: "a manifest names the role",
  confidence: "high",
  root: { kind: "workload", id },
  hops: [],
  ...over,
});

/** Calls of one day. */
export const calls = (of: Conduct, over: Partial<SeenCalls> = {}): SeenCalls => ({
  conduct: of,
  principal: sessionOf("bot"),
  attribution: workloadOf("bot"),
  count: 1,
  day: 20_000,
  row: 1,
  first: instant(20_000 * 86_400_000),
  last: instant(20_000 * 86_400_000),
  ...over,
});
