import type { AccountRole, AccountState } from "../../iam/account/account-model.ts";
import { accountOf } from "../../iam/arn.ts";
import type { Condition } from "../../iam/condition.ts";
import { globCovers } from "../../iam/glob-meet.ts";
import type { PolicyPrincipal } from "../../iam/principal-scope.ts";
import type { Statement } from "../../iam/statement.ts";

/** Whom a role's trust policy lets in. */
export interface Trust {
  /** For a person: principals, each with the conditions that it must meet. */
  readonly mayAssume: readonly string[];
  /** Accounts other than the role's own. */
  readonly foreign: readonly string[];
  /** Foreign accounts that need not meet any condition. */
  readonly unconditionalForeign: readonly string[];
  /** `*` without a condition: anybody with an AWS account. */
  readonly everybody: boolean;
  /** Every principal was deleted: nobody can assume it. */
  readonly nowhere: boolean;
}

const assuming = ["sts:assumerole", "sts:assumerolewithwebidentity", "sts:assumerolewithsaml"] as const;

/** Reads a trust policy; its Deny statements are said, not calculated. */
export function trustOf(role: AccountRole, state: AccountState): Trust {
  const allows = role.trust.statements.filter((one) => one.effect === "Allow" && assumes(one));
  const denies = role.trust.statements.filter((one) => one.effect === "Deny" && assumes(one));
  const who = allows.flatMap((statement) => namedIn(statement).map((principal) => ({ statement, principal })));
  const foreignIn = (all: typeof who): readonly string[] => [
    ...new Set(all.flatMap(({ principal }) => accountNamed(principal) ?? []).filter((one) => one !== role.account)),
  ];
  return {
    mayAssume: [
      ...new Set([
        ...allows.flatMap(described),
        ...denies.flatMap((one) => described(one).map((text) => `not ${text}`)),
      ]),
    ],
    foreign: foreignIn(who),
    unconditionalForeign: foreignIn(who.filter(({ statement }) => !statement.conditional)),
    everybody: allows.some((one) => !one.conditional && letsEverybodyIn(one)),
    nowhere:
      !allows.some((one) => one.principals?.kind === "all-but") &&
      who.every(({ principal }) => isGone(principal, state)),
  };
}

const assumes = ({ actions }: Statement): boolean =>
  assuming.some((action) => {
    const listed = actions.patterns.some((pattern) => globCovers(pattern.toLowerCase(), action));
    return actions.kind === "only" ? listed : !listed;
  });

const namedIn = ({ principals }: Statement): readonly PolicyPrincipal[] =>
  principals?.kind === "only" ? principals.principals : [];

const letsEverybodyIn = ({ principals }: Statement): boolean =>
  principals?.kind === "all-but" || principals?.principals.some((one) => one.kind === "everyone") === true;

function described(statement: Statement): readonly string[] {
  const where = statement.conditions.map(conditionText).join(" and ");
  const tail = where === "" ? "" : ` where ${where}`;
  const names = (statement.principals?.principals ?? []).map(principalText);
  return statement.principals?.kind === "all-but"
    ? [`everybody but ${names.join(", ")}${tail}`]
    : names.map((name) => `${name}${tail}`);
}

function principalText(principal: PolicyPrincipal): string {
  switch (principal.kind) {
    case "everyone":
      return "*";
    case "account":
      return `account ${principal.account}`;
    case "arn":
      return principal.arn;
    case "service":
      return principal.name;
    case "federated":
      return principal.provider;
    case "canonical-user":
      return principal.id;
    case "unique-id":
      return `${principal.id} (deleted)`;
  }
}

const conditionText = ({ key, negated, comparison, values }: Condition): string =>
  `${key} ${negated ? "not " : ""}${comparison} ${values.join(" or ")}`;

function accountNamed(principal: PolicyPrincipal): string | undefined {
  if (principal.kind === "account") return principal.account;
  return principal.kind === "arn" ? accountOf(principal.arn) : undefined;
}

/** Deleted principals turn into their ids; a role or user of an account that the state covers can be looked up. */
function isGone(principal: PolicyPrincipal, state: AccountState): boolean {
  if (principal.kind === "unique-id") return true;
  if (principal.kind !== "arn" || !state.accounts.has(accountOf(principal.arn) ?? "")) return false;
  return !state.roles.has(principal.arn) && !state.users.has(principal.arn) && /:(?:role|user)\//.test(principal.arn);
}
