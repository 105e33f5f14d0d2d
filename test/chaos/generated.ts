import type { Random } from "../../bench/corpus-random.ts";
import type { Instant } from "../../core/event/instant.ts";
import type { JsonObject } from "../../core/event/json.ts";
import type { ContainRequest } from "../../core/flow/respond/contain.ts";
import type { Principal } from "../account/principals.ts";

const account = "111122223333";

const document = (random: Random): JsonObject => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: `s3:${random.pick(["GetObject", "PutObject"])}`, Resource: "*" }],
});

const some = <Item>(random: Random, most: number, make: (place: number) => Item): readonly Item[] =>
  Array.from({ length: random.below(most + 1) }, (_, place) => make(place));

/** A principal with any mix of policies, boundary, trust, keys and tags. */
export function generatedPrincipal(random: Random, place: number): Principal {
  const kind = random.chance(0.6) ? "role" : "user";
  const name = `${kind}-${place}`;
  const arn = `arn:aws:iam::${account}:${kind}/${name}`;
  const managed = (n: number) => `arn:aws:iam::${account}:policy/team-${n}`;
  const status = () => (random.chance(0.8) ? ("Active" as const) : ("Inactive" as const));
  const common = {
    holder: { kind, arn } as const,
    id: `${kind === "role" ? "AROA" : "AIDA"}EXAMPLE${String(place).padStart(9, "0")}`,
    account,
    attached: some(random, 10, managed),
    ...(random.chance(0.3) ? { boundary: managed(99) } : {}),
    // A name that a containment of somebody else's would take is theirs all the same.
    inline: Object.fromEntries(some(random, 3, (n) => [n === 0 ? "quarantine" : `inline-${n}`, document(random)])),
    tags: Object.fromEntries(some(random, 49, (n) => [`tag-${n}`, random.hex(8)])),
  };
  if (kind === "role")
    return {
      ...common,
      maxSessionSeconds: 3_600,
      trust: {
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
      },
    };
  return {
    ...common,
    keys: Object.fromEntries(some(random, 2, (n) => [`AKIAIOSFODNN7${String(place).padStart(5, "0")}${n}X`, status()])),
    serviceCredentials: Object.fromEntries(some(random, 1, (n) => [`ACCAEXAMPLE${place}${n}`, status()])),
  };
}

/** The decision to contain it; `automatic` where no person is asked. */
export const containmentOf = (
  { holder, id }: Principal,
  { run, kind, at }: { readonly run: string; readonly kind: "automatic" | "approval"; readonly at: Instant },
): ContainRequest => ({
  run,
  caseId: `case-${run}`,
  action: { kind: `contain-${holder.kind}`, target: holder.arn, tier: 1 },
  principalId: id,
  account,
  eventAt: at,
  kind,
  blast: { sessions: 1, instances: 0, functions: 0, jobs: 0, workloads: [holder.arn] },
});
