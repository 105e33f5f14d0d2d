import { type ActionTable, type KnownAction, wildcardOnly } from "../core/iam/action-table.ts";
import { type Random, seededRandom } from "./corpus-random.ts";

/** A statement as people write it. */
export interface WrittenStatement {
  readonly Effect: "Allow" | "Deny";
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface WrittenPolicy {
  readonly Version: "2012-10-17";
  readonly Statement: readonly WrittenStatement[];
}

export interface PolicyPair {
  /** `edited`: one statement differs; `replaced`: two documents that have nothing to do with each other. */
  readonly kind: "edited" | "replaced";
  readonly old: WrittenPolicy;
  readonly now: WrittenPolicy;
}

/** What a customer-managed policy may have at most, white space aside (IAM User Guide, "IAM and AWS STS quotas"). */
const mostCharacters = 6_144;

/** Pairs of documents up to the size of AWS's own, always the same ones for a seed: half edited, half replaced. */
export function policyPairs(table: ActionTable, { seed, pairs }: { readonly seed: number; readonly pairs: number }) {
  const random = seededRandom(seed);
  const actions = Array.from({ length: table.size }, (_, place) => table.at(place)).flatMap((one) => one ?? []);
  const services = Map.groupBy(actions, ({ name }) => name.slice(0, name.indexOf(":")));
  const all = [...services.values()];
  return Array.from({ length: pairs }, (_, at): PolicyPair => {
    const old = policyOf(random, all);
    return at % 2 === 0
      ? { kind: "edited", old, now: edited(random, old, all) }
      : { kind: "replaced", old, now: policyOf(random, all) };
  });
}

type Services = readonly (readonly KnownAction[])[];

function policyOf(random: Random, services: Services): WrittenPolicy {
  const budget = Math.min(mostCharacters, Math.round(1_100 * random.longTailed(0.9)) + 150);
  const Statement: WrittenStatement[] = [];
  for (let size = 0; size < budget; ) {
    const one = statementOf(random, services);
    size += JSON.stringify(one).length;
    if (size > mostCharacters && Statement.length > 0) break;
    Statement.push(one);
  }
  return { Version: "2012-10-17", Statement };
}

function statementOf(random: Random, services: Services): WrittenStatement {
  const own = Array.from({ length: random.between(1, 3) }, () => random.pick(services));
  const known = own.flatMap((service) => Array.from({ length: random.between(1, 8) }, () => random.pick(service)));
  const Action = [...new Set(known.map((one) => patternFor(random, one)))];
  const Resource = random.chance(0.55) ? ["*"] : [...new Set(known.slice(0, 4).map((one) => resourceFor(random, one)))];
  return {
    Effect: random.chance(0.06) ? "Deny" : "Allow",
    Action,
    Resource,
    ...(random.chance(0.25) ? { Condition: random.pick(conditions) } : {}),
  };
}

/** A name, or the wildcard that people write for it: `s3:Get*`, now and then `s3:*`. */
function patternFor(random: Random, { name }: KnownAction): string {
  const colon = name.indexOf(":");
  const verb = /^[A-Z][a-z]+/.exec(name.slice(colon + 1))?.[0];
  if (random.chance(0.04)) return `${name.slice(0, colon)}:*`;
  return verb !== undefined && random.chance(0.25) ? `${name.slice(0, colon + 1)}${verb}*` : name;
}

function resourceFor(random: Random, action: KnownAction): string {
  if (wildcardOnly(action)) return "*";
  const { arn } = random.pick(action.resources);
  const name = `app-${random.hex(4)}`;
  return arn
    .replace(/\$\{Partition\}/, "aws")
    .replace(/\$\{Region\}/, random.chance(0.5) ? "*" : "us-east-1")
    .replace(/\$\{Account\}/, "111122223333")
    .replaceAll(/\$\{[^}]*\}/g, () => (random.chance(0.5) ? "*" : `${name}*`));
}

const conditions = [
  { StringEquals: { "aws:RequestedRegion": "eu-west-1" } },
  { StringEquals: { "iam:PassedToService": "lambda.amazonaws.com" } },
  { StringLike: { "aws:ResourceTag/owner": "team-*" } },
  { Bool: { "aws:SecureTransport": "true" } },
  { StringNotEquals: { "aws:PrincipalOrgID": "o-example" } },
] as const;

function edited(random: Random, old: WrittenPolicy, services: Services): WrittenPolicy {
  const at = random.below(old.Statement.length);
  const before = old.Statement[at];
  const other = statementOf(random, services);
  if (before === undefined || random.chance(0.25)) return { ...old, Statement: [...old.Statement, other] };
  const { Condition, ...rest } = before;
  const after = random.pick([
    { ...before, Action: [...before.Action, ...other.Action] },
    { ...before, Action: before.Action.slice(1).concat(other.Action.slice(0, 1)) },
    { ...before, Resource: ["*"] },
    { ...before, Resource: [...before.Resource, ...other.Resource] },
    Condition === undefined ? { ...before, Condition: random.pick(conditions) } : rest,
  ]);
  return { ...old, Statement: old.Statement.with(at, after) };
}
