import { conditionText } from "../../iam/compare/condition-shown.ts";
import { mayOverlap, patternCovers } from "../../iam/compare/difference-body.ts";
import { nameOf } from "../../iam/compare/trust-body.ts";
import type { Condition } from "../../iam/condition.ts";
import { globCovers } from "../../iam/glob-meet.ts";
import type { PolicyDocument, Scope, Statement } from "../../iam/policy.ts";
import type { PolicyPrincipal } from "../../iam/principal-scope.ts";

/** One principal that a resource's policy lets in anew. */
export interface Entry {
  readonly principal: PolicyPrincipal;
  /** Action patterns as written; `*` for all but some. */
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** All that is asked, also by a Deny for everybody who does not meet it. */
  readonly conditions: readonly Condition[];
}

/** What NEW lets in and OLD did not: by principal, action, resource and condition, whatever the order and spelling of statements. */
export function newEntries(old: PolicyDocument | undefined, now: PolicyDocument): readonly Entry[] {
  const before = (old?.statements ?? []).filter(({ effect }) => effect === "Allow");
  const denies = now.statements.filter(({ effect }) => effect === "Deny");
  const walls = denies.filter(isWall);
  return now.statements
    .filter(({ effect }) => effect === "Allow")
    .flatMap((statement) =>
      principalsOf(statement).flatMap((principal): readonly Entry[] => {
        const actions = patternsOf(statement.actions).filter(
          (action) =>
            !before.some((one) => lets(one, { principal, action, statement })) &&
            !denies.some((one) => !one.conditional && shuts(one, { principal, action, statement })),
        );
        if (actions.length === 0) return [];
        const asked = walls
          .filter((one) => actions.every((action) => coversAction(one.actions, action)))
          .flatMap(({ conditions }) => conditions.filter(({ negated }) => negated).map(turned));
        const conditions = [...statement.conditions, ...asked];
        return [{ principal, actions, resources: patternsOf(statement.resources), conditions }];
      }),
    );
}

const everyone: PolicyPrincipal = { kind: "everyone" };

/** Everybody but some is as good as everybody. */
const principalsOf = ({ principals }: Statement): readonly PolicyPrincipal[] =>
  principals === undefined ? [] : principals.kind === "only" ? principals.principals : [everyone];

const patternsOf = ({ kind, patterns }: Scope): readonly string[] => (kind === "only" ? patterns : ["*"]);

interface Asked {
  readonly principal: PolicyPrincipal;
  readonly action: string;
  readonly statement: Statement;
}

/** Whether an old Allow surely let all of it in already. */
function lets(one: Statement, { principal, action, statement }: Asked): boolean {
  const demands = new Set(statement.conditions.map(conditionText));
  return (
    names(one, principal) &&
    coversAction(one.actions, action) &&
    patternsOf(statement.resources).every((resource) => coversResource(one.resources, resource)) &&
    one.conditions.every((condition) => demands.has(conditionText(condition)))
  );
}

const shuts = (one: Statement, { principal, action, statement }: Asked): boolean =>
  names(one, principal) &&
  coversAction(one.actions, action) &&
  patternsOf(statement.resources).every((resource) => coversResource(one.resources, resource));

function names({ principals }: Statement, asked: PolicyPrincipal): boolean {
  if (principals === undefined) return false;
  const listed = principals.principals.some((one) => nameOf(one) === nameOf(asked));
  return principals.kind === "only"
    ? listed || principals.principals.some(({ kind }) => kind === "everyone")
    : asked.kind !== "everyone" && !listed;
}

const coversAction = ({ kind, patterns }: Scope, action: string): boolean => {
  const lower = action.toLowerCase();
  return kind === "only"
    ? patterns.some((one) => globCovers(one.toLowerCase(), lower))
    : patterns.every((one) => !mayOverlap(one.toLowerCase(), lower));
};

const coversResource = ({ kind, patterns }: Scope, resource: string): boolean =>
  kind === "only"
    ? patterns.some((one) => patternCovers(one, resource))
    : patterns.every((one) => !mayOverlap(one, resource));

/** A Deny for everybody who does not meet one condition, services perhaps left out: as good as that condition on every Allow. */
const isWall = ({ principals, conditions }: Statement): boolean =>
  principals?.kind === "only" &&
  principals.principals.some(({ kind }) => kind === "everyone") &&
  conditions.filter(({ negated }) => negated).length === 1 &&
  conditions.every(
    ({ negated, quantifier, comparison }) => quantifier === "single" && (negated || comparison === "bool"),
  );

const turned = (condition: Condition): Condition => ({ ...condition, negated: false, ifExists: false });
