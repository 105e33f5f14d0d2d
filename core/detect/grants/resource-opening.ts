import { placesOf } from "../../iam/action-set.ts";
import type { ActionTable } from "../../iam/action-table.ts";
import { parseArn } from "../../iam/arn.ts";
import type { ShownCondition } from "../../iam/compare/condition-shown.ts";
import { shownCondition } from "../../iam/compare/condition-shown.ts";
import { accountNamed, nameOf } from "../../iam/compare/trust-body.ts";
import type { PolicyPrincipal } from "../../iam/principal-scope.ts";
import type { Registry } from "../../identity/workload.ts";
import { accountOfRegistry } from "../trust/declared-account.ts";
import { boundsOf, positiveValues } from "../trust/trust-bounds.ts";
import { gravityOf } from "./grant-gravity.ts";
import type { Entry } from "./resource-entries.ts";

/** Whom an entry lets in, by how bad that is, worst first. */
export type ResourceOpeningKind = (typeof resourceOpeningKinds)[number];

export const resourceOpeningKinds = [
  "everybody",
  "foreign-account",
  "everybody-on-a-condition",
  "foreign-account-on-a-condition",
  "known-account",
  "oneself",
  "in-house",
  "service",
] as const;

/** What it lets them do: hand on or read what opens more, change, or read. */
export type ResourceWorth = (typeof resourceWorths)[number];

export const resourceWorths = ["control", "change", "read"] as const;

export interface ResourceOpening {
  readonly kind: ResourceOpeningKind;
  readonly entry: Entry;
  readonly worth: ResourceWorth;
  /** Whom, for a title: "anybody". */
  readonly who: string;
}

/** The account of the resource, what is declared, and who makes the change. */
export interface OpenedResource {
  readonly account: string;
  readonly registry: Registry;
  isActor(arn: string): boolean;
}

/** The entries that let somebody in; those that cannot be used, or say what is so anyway, are left out. */
export const resourceOpenings = (
  entries: readonly Entry[],
  on: OpenedResource,
  table: ActionTable,
): readonly ResourceOpening[] =>
  entries
    .flatMap((entry) => {
      const judged = whoIsLetIn(entry, on);
      return judged === undefined ? [] : [{ ...judged, entry, worth: worthOf(entry.actions, table) }];
    })
    .sort(
      (a, b) =>
        resourceOpeningKinds.indexOf(a.kind) - resourceOpeningKinds.indexOf(b.kind) ||
        resourceWorths.indexOf(a.worth) - resourceWorths.indexOf(b.worth),
    );

type Judged = Pick<ResourceOpening, "kind" | "who">;

function whoIsLetIn(entry: Entry, on: OpenedResource): Judged | undefined {
  const { principal } = entry;
  const condition = callerConditions(entry);
  switch (principal.kind) {
    case "everyone":
      return everybody(condition, on);
    case "account":
    case "arn":
      return byName(principal, condition, on);
    case "service":
      // A service that names for whom it acts is nobody's deputy.
      return boundToSource(condition) ? undefined : { kind: "service", who: `the service ${principal.name}` };
    case "federated":
      return { kind: "foreign-account-on-a-condition", who: `users of ${principal.provider}` };
    case "canonical-user":
      return { kind: "foreign-account-on-a-condition", who: "an account known by its canonical id" };
    case "unique-id":
      return undefined;
  }
}

function byName(principal: PolicyPrincipal, condition: ShownCondition, on: OpenedResource): Judged | undefined {
  const name = nameOf(principal);
  const account = accountNamed(principal);
  // `arn:aws:iam::cloudfront:user/…`: an identity that AWS keeps for a service.
  if (account === undefined) return { kind: "service", who: parseArn(name)?.account || name };
  if (account === on.account) {
    // The account's root lets in nobody by itself: identity policies decide.
    if (principal.kind === "account") return undefined;
    return on.isActor(name)
      ? { kind: "oneself", who: "the very identity that made the change" }
      : { kind: "in-house", who: name };
  }
  const known = accountOfRegistry(account, on.registry);
  if (known !== undefined) return { kind: "known-account", who: `account ${account} (${known})` };
  return boundsOf(condition).kind === "none"
    ? { kind: "foreign-account", who: `account ${account}, without a condition` }
    : { kind: "foreign-account-on-a-condition", who: `account ${account}, on a condition` };
}

function everybody(condition: ShownCondition, on: OpenedResource): Judged | undefined {
  const bounds = boundsOf(condition);
  const callers = [...positiveValues(condition, "kms:CallerAccount"), ...sourcesIn(condition)];
  const accounts = bounds.kind === "accounts" ? bounds.accounts : callers;
  if (accounts.length > 0) {
    const strangers = accounts.filter((one) => one !== on.account && accountOfRegistry(one, on.registry) === undefined);
    return strangers.length === 0
      ? { kind: "in-house", who: "callers of accounts that are known" }
      : { kind: "foreign-account-on-a-condition", who: `callers of account ${strangers[0]}` };
  }
  switch (bounds.kind) {
    case "organization":
      return { kind: "everybody-on-a-condition", who: `anybody in organization ${bounds.ids.join(" or ")}` };
    case "other":
      return { kind: "everybody-on-a-condition", who: `anybody who meets ${bounds.keys.join(" and ")}` };
    case "accounts":
    case "none":
      return { kind: "everybody", who: "anybody" };
  }
}

/** Accounts that a source key names: services say for whom they act. */
const sourcesIn = (condition: ShownCondition): readonly string[] =>
  [
    ...positiveValues(condition, "aws:SourceAccount"),
    ...positiveValues(condition, "aws:SourceOwner"),
    ...positiveValues(condition, "aws:SourceArn").map((arn) => parseArn(arn)?.account ?? ""),
  ].filter((one) => /^\d{12}$/.test(one));

const boundToSource = (condition: ShownCondition): boolean =>
  ["aws:SourceAccount", "aws:SourceArn", "aws:SourceOrgID", "aws:SourceOrgPaths", "aws:SourceOwner"].some(
    (key) => positiveValues(condition, key).length > 0,
  );

/** Conditions on the caller: what is asked of the request itself, anybody can bring. A Deny for whoever is not one counts as one. */
function callerConditions({ conditions }: Entry): ShownCondition {
  return shownCondition(
    conditions.filter(({ key }) => /^aws:/i.test(key) || /^kms:(?:CallerAccount|ViaService)$/i.test(key)),
  );
}

function worthOf(actions: readonly string[], table: ActionTable): ResourceWorth {
  let found: ResourceWorth = "read";
  for (const pattern of actions)
    for (const place of placesOf(table.expand(pattern))) {
      const action = table.at(place);
      if (action === undefined) continue;
      if (action.level === "permissions" || gravityOf(action.name, table) === "credential") return "control";
      if (action.level !== "read" && action.level !== "list") found = "change";
    }
  return found;
}
