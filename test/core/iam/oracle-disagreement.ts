import type { ActionTable } from "../../../core/iam/action-table.ts";
import { hiddenRule } from "../../../core/iam/hidden-rules.ts";
import { oursSays } from "./oracle.ts";
import type { Document, OracleCase } from "./oracle-case.ts";

/**
 * Why the two evaluators may differ. Each reason rewrites the question into one that we answer as the oracle does; a
 * disagreement is explained only when the rewritten question gets the oracle's answer from us.
 */
interface Reason {
  readonly id: string;
  readonly because: string;
  rewritten(one: OracleCase): OracleCase;
}

export const reasons: readonly Reason[] = [
  {
    id: "version-2008-has-no-variables",
    because: `AWS reads \`\${…}\` as text where the Version is 2008-10-17; the oracle reads variables there too`,
    rewritten: (one) => mapDocuments(one, (document) => ({ ...document, Version: "2012-10-17" })),
  },
  {
    id: "epoch-dates-are-seconds",
    because: "AWS documents epoch dates in seconds; the oracle takes a number in a policy for milliseconds",
    rewritten: (one) =>
      mapValues(one, (value) => (/^\d{10}$/.test(value) ? new Date(Number(value)).toISOString() : value)),
  },
  {
    id: "one-address-of-the-other-family",
    because:
      "an IPv6 caller is not at a single IPv4 address, so NotIpAddress holds; for the oracle it does, and for blocks it does not",
    rewritten: (one) =>
      Object.entries(one.context).some(([key, value]) => /^aws:sourceip$/i.test(key) && value.includes(":"))
        ? mapValues(one, (value) => (/^\d+\.\d+\.\d+\.\d+$/.test(value) ? "::/0" : value), /^NotIpAddress/)
        : one,
  },
  {
    id: "numbers-have-no-exponents",
    because: "AWS documents integers and decimals; the oracle reads `1e2` as 1, we do not read it",
    rewritten: (one) => mapValues(one, (value) => (value === "1e2" ? "1" : value)),
  },
  {
    id: "no-value-of-the-variable-fits",
    because:
      "a NotResource whose variable has no value: we see that no value could make it fit, the oracle stops at the field with the variable",
    rewritten: (one) =>
      mapStatements(one, (statement) =>
        notResourceIsOpen(statement, one)
          ? { Effect: "Allow", Action: "none:none", Resource: "*", Principal: "*" }
          : statement,
      ),
  },
  {
    id: "session-named-by-the-resource",
    because:
      "AWS documents that a resource policy's Allow for the session itself is not limited by the session policy; the oracle limits it",
    rewritten: (one) =>
      mapStatements(one, (statement) =>
        statement["Effect"] === "Allow" && JSON.stringify(statement["Principal"])?.includes(":assumed-role/")
          ? { ...statement, Principal: "*" }
          : statement,
      ),
  },
];

const denyOnProtected = "deny-on-protected-resource";

/** The reason's id, or nothing when the disagreement has none. */
export function explained(one: OracleCase, oracle: string, table: ActionTable): string | undefined {
  const ours = oursSays(one, table).decision;
  // Denied either way: we name the policy's Deny, the oracle the protection, which it asks first.
  if (ours === "ExplicitlyDenied" && oracle === "ImplicitlyDenied" && hiddenRule("refused", one.action, one.resource))
    return denyOnProtected;
  const single = reasons.find((reason) => oursSays(reason.rewritten(one), table).decision === oracle);
  if (single !== undefined) return single.id;
  const all = reasons.reduce((changed, reason) => reason.rewritten(changed), one);
  return oursSays(all, table).decision === oracle ? "several-reasons" : undefined;
}

function mapDocuments(one: OracleCase, change: (document: Document) => Document): OracleCase {
  const many = (documents: readonly Document[]) => documents.map(change);
  return {
    ...one,
    identityPolicies: many(one.identityPolicies),
    ...(one.permissionBoundaries && { permissionBoundaries: many(one.permissionBoundaries) }),
    ...(one.sessionPolicy && { sessionPolicy: change(one.sessionPolicy) }),
    ...(one.resourcePolicy && { resourcePolicy: change(one.resourcePolicy) }),
    ...(one.serviceControlPolicies && { serviceControlPolicies: one.serviceControlPolicies.map(many) }),
    ...(one.resourceControlPolicies && { resourceControlPolicies: one.resourceControlPolicies.map(many) }),
  };
}

const mapStatements = (
  one: OracleCase,
  change: (statement: Document["Statement"][number]) => Document["Statement"][number],
) => mapDocuments(one, (document) => ({ ...document, Statement: document.Statement.map(change) }));

/** Whether a NotResource has a variable without value or default in the last field, and the fields before it are the request's. */
function notResourceIsOpen(statement: Document["Statement"][number], { resource, context }: OracleCase): boolean {
  const patterns: unknown = statement["NotResource"];
  return (
    Array.isArray(patterns) &&
    patterns.some(
      (pattern: unknown) =>
        typeof pattern === "string" &&
        pattern.includes(`\${aws:username}`) &&
        !Object.hasOwn(context, "aws:username") &&
        resource.startsWith(pattern.split(":").slice(0, 5).join(":")),
    )
  );
}

/** Changes every value of the conditions whose operator fits. */
function mapValues(one: OracleCase, change: (value: string) => string, operators = /^/): OracleCase {
  const changed = (condition: unknown): unknown =>
    JSON.parse(JSON.stringify(condition), (key, value) =>
      operators.test(key) && typeof value === "object" && !Array.isArray(value) ? changedIn(value, change) : value,
    );
  return mapDocuments(one, (document) => ({
    ...document,
    Statement: document.Statement.map((statement) =>
      statement["Condition"] === undefined ? statement : { ...statement, Condition: changed(statement["Condition"]) },
    ),
  }));
}

const changedIn = (value: unknown, change: (value: string) => string): unknown =>
  JSON.parse(JSON.stringify(value), (_, inner) => (typeof inner === "string" ? change(inner) : inner));
