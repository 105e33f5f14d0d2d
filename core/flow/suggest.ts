import type { Principal } from "../event/principal.ts";
import type { AccountState } from "../iam/account-model.ts";
import type { IamTables } from "../iam/tables.ts";
import type { Attribution } from "../identity/attribution.ts";
import type { Placements } from "../identity/placement.ts";
import type { Registry } from "../identity/workload.ts";
import type { Noted } from "./noted.ts";
import { guessedClass } from "./suggest-class.ts";
import type { CapacityUse } from "./suggest-envelope.ts";
import { type PassedOver, type Suggested, suggestedFor } from "./suggest-identity.ts";
import { daysOf, draftOf, type History } from "./suggest-manifest.ts";
import { namesFor } from "./suggest-name.ts";
import { factsOf, type OwnerFact, ownersIn, ranks, type Sourced, subjectsOf } from "./suggest-owner.ts";
import { type SuggestedStatement, statementsOf } from "./suggest-statements.ts";
import { pathsIn, type Unused, unusedIn } from "./suggest-unused.ts";
import { addUse, type ConductCount, emptyUse, type Use } from "./suggest-use.ts";

/** The owner of what nobody is known to own. */
export const undeclaredOwner = "undeclared";

/** What drafts are made from. */
export interface SuggestQuestion {
  readonly rows: Iterable<ConductCount & { readonly principal: number }>;
  /** Accelerators that calls asked for. */
  readonly capacity: Iterable<{ readonly principal: number; readonly family: string; readonly instances: number }>;
  /** Agents and gateways that calls asked, as `mayInvoke` writes them. */
  readonly asks: Iterable<{ readonly principal: number; readonly callee: string }>;
  readonly principalOf: (number: number) => Principal;
  readonly attributionOf: (principal: number) => Attribution;
  readonly registry: Registry;
  readonly placements: Placements;
  readonly accounts: AccountState;
  readonly tables: IamTables;
  readonly facts: readonly OwnerFact[];
  /** Names that a draft must not have: of manifests in the folder it is written to. */
  readonly taken: ReadonlySet<string>;
  readonly history: History;
}

/** One draft manifest and what a table says of it. */
export interface Draft {
  readonly name: string;
  /** Other names that it may be asked for by: attribution ids, ARNs of roles and users, the declared workload. */
  readonly asked: ReadonlySet<string>;
  readonly owner: Sourced;
  readonly environment?: Sourced;
  /** Principals: sessions, users, keys. */
  readonly identities: number;
  readonly calls: number;
  /** Days with a call, of the days from its first call to the last record. */
  readonly active: number;
  readonly days: number;
  readonly statements: number;
  readonly unused?: Unused;
  readonly document: Noted;
}

export interface Suggestions {
  /** By name. */
  readonly drafts: readonly Draft[];
  /** Calls of those who need no draft, by why. */
  readonly passedOver: ReadonlyMap<PassedOver, number>;
}

/** One draft for everybody who acted and is not a person or a service. The order of the input does not matter. */
export function suggest(question: SuggestQuestion): Suggestions {
  const { seen, passedOver } = gathered(question);
  const { registry, accounts, tables, history } = question;
  const active = registry.workloads.filter((one) => one.status === "active").map(({ name }) => name);
  const names = namesFor(
    [...seen.values()].map(({ who }) => who),
    new Set([...question.taken, ...active]),
  );
  const said = [...seen.values()].flatMap((one) => [...one.said.values()]);
  const owners = ownersIn([...question.facts, ...accountFacts(accounts), ...said]);
  const unusedOf = unusedIn(accounts, tables);
  const drafts = [...seen.entries()].map(([key, one]): Draft => {
    const { who, use, capacity, callees } = one;
    const name = names.get(key) ?? "workload";
    const selector = who.kind === "declared" ? undefined : who.selector;
    const subjects = [...subjectsOf(selector, one.holders), sessionsOf(who)];
    const statements = statementsOf(use, tables.table);
    const unused = unusedOf([...one.holders].sort(), use, statements);
    const owner = ownerOf(who, subjects, owners);
    const environment = environmentOf(who, subjects, owners);
    const guessed = guessedClass(who, use, capacity);
    const document = draftOf({
      name,
      who,
      use,
      statements,
      history,
      owner,
      identities: one.principals,
      opens: pathsIn(statements.filter(isGranted), tables),
      modelProfiles: tables.modelProfiles,
      callees,
      ...(capacity === undefined ? {} : { capacity }),
      ...(one.hops === undefined ? {} : { hops: one.hops }),
      ...(environment === undefined ? {} : { environment }),
      ...(guessed === undefined ? {} : { guessed }),
      ...(unused === undefined ? {} : { unused }),
    });
    return {
      name,
      asked: new Set([...one.ids, ...one.holders, ...(who.kind === "declared" ? [who.workload.name] : [])]),
      owner,
      ...(environment === undefined ? {} : { environment }),
      identities: one.principals,
      calls: use.calls,
      active: use.days.size,
      days: daysOf({ first: use.first, last: history.last }),
      statements: statements.length,
      ...(unused === undefined ? {} : { unused }),
      document,
    };
  });
  return { drafts: drafts.sort((a, b) => (a.name < b.name ? -1 : 1)), passedOver };
}

/** Who takes a role with a token needs no policy of its own for that: the role's trust decides. */
const isGranted = ({ actions }: SuggestedStatement): boolean =>
  !actions.every((action) => /^sts:AssumeRoleWith(?:WebIdentity|SAML)$/.test(action));

interface SeenIdentity {
  readonly who: Suggested;
  readonly use: Use;
  /** Attribution ids. */
  readonly ids: Set<string>;
  /** Roles and users that signed. */
  readonly holders: Set<string>;
  readonly callees: Set<string>;
  /** What its sessions' tags say of its owner, by what they say. */
  readonly said: Map<string, OwnerFact>;
  principals: number;
  /** Principals that do more than ask for a session. */
  sessions: number;
  /** Absent where a chain's beginning was not seen. */
  hops: number | undefined;
  capacity?: CapacityUse;
}

/** A federated identity that asks for sessions and does nothing else: what they do is drafted under whoever they are. */
const asksOnly = ({ hops: [own] }: Attribution): boolean => own?.eventID === null && own.end === "federation";

/** So many attribution ids are kept to be asked by: runs come without end. */
const mostIds = 1_000;

function gathered({ rows, capacity, asks, principalOf, attributionOf, registry, placements }: SuggestQuestion) {
  const seen = new Map<string, SeenIdentity>();
  const passedOver = new Map<PassedOver, number>();
  const known = new Map<number, SeenIdentity | PassedOver>();
  const seenAs = (number: number): SeenIdentity | PassedOver => {
    const before = known.get(number);
    if (before !== undefined) return before;
    const principal = principalOf(number);
    const attribution = attributionOf(number);
    const who = suggestedFor(principal, attribution, { registry, placements });
    const one = typeof who === "string" ? who : (seen.get(who.key) ?? unseen(who));
    known.set(number, one);
    if (typeof one === "string") return one;
    seen.set(one.who.key, one);
    learn(one, principal, attribution);
    return one;
  };
  for (const row of rows) {
    const one = seenAs(row.principal);
    if (typeof one === "string") passedOver.set(one, (passedOver.get(one) ?? 0) + row.count);
    else addUse(one.use, row);
  }
  for (const { principal, family, instances } of capacity) {
    const one = known.get(principal);
    if (one === undefined || typeof one === "string") continue;
    one.capacity ??= { families: new Set(), instances: 0 };
    one.capacity.families.add(family);
    one.capacity.instances = Math.max(one.capacity.instances, instances);
  }
  for (const { principal, callee } of asks) {
    const one = known.get(principal);
    if (one !== undefined && typeof one !== "string") one.callees.add(callee);
  }
  for (const [key, { sessions, use }] of seen) {
    if (sessions > 0) continue;
    seen.delete(key);
    passedOver.set("asks only", (passedOver.get("asks only") ?? 0) + use.calls);
  }
  return { seen, passedOver };
}

const unseen = (who: Suggested): SeenIdentity => ({
  who,
  use: emptyUse(),
  ids: new Set(),
  holders: new Set(),
  callees: new Set(),
  said: new Map(),
  principals: 0,
  sessions: 0,
  hops: 0,
});

function learn(one: SeenIdentity, principal: Principal, attribution: Attribution): void {
  one.principals++;
  if (!asksOnly(attribution)) one.sessions++;
  const id = "id" in attribution ? attribution.id : undefined;
  if (id !== undefined && one.ids.size < mostIds) one.ids.add(id);
  if (principal.kind === "assumed-role") one.holders.add(principal.role);
  else if ((principal.kind === "iam-user" || principal.kind === "role") && principal.arn !== undefined)
    one.holders.add(principal.arn);
  const about = { subject: sessionsOf(one.who), source: "session tag, set by its caller", rank: ranks.session };
  for (const fact of factsOf(Object.entries(attribution.hops[0]?.tags ?? {}), about))
    if (one.said.size < mostIds) one.said.set(`${fact.part} ${fact.value} ${fact.source}`, fact);
  const known = attribution.hops.at(-1)?.end !== "not-seen";
  one.hops = known && one.hops !== undefined ? Math.max(one.hops, attribution.hops.length - 1) : undefined;
}

const sessionsOf = ({ key }: Suggested): string => `sessions of ${key}`;

/** Tags of roles and users as IAM holds them. */
function* accountFacts({ roles, users }: AccountState): Generator<OwnerFact> {
  for (const { arn, tags } of [...roles.values(), ...users.values()])
    yield* factsOf(Object.entries(tags), { subject: arn, source: `tag in IAM of ${arn}`, rank: ranks.account });
}

type Owners = ReturnType<typeof ownersIn>;

function ownerOf(who: Suggested, subjects: readonly string[], owners: Owners): Sourced {
  if (who.kind === "declared")
    return { value: who.workload.owner, source: `as ${who.workload.where} says`, others: [] };
  const nobody: Sourced = { value: undeclaredOwner, source: "no tag, file or record names an owner", others: [] };
  return owners(subjects, "owner") ?? nobody;
}

function environmentOf(who: Suggested, subjects: readonly string[], owners: Owners): Sourced | undefined {
  if (who.kind === "undeclared") return owners(subjects, "environment");
  const { environment, where } = who.workload;
  return environment === undefined ? undefined : { value: environment, source: `as ${where} says`, others: [] };
}
