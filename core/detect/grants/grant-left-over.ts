import { type Instant, printInstant } from "../../event/instant.ts";
import type { JsonObject } from "../../event/json.ts";
import type { KnownIdentity } from "../../iam/account/known-identity.ts";
import { parseArn } from "../../iam/arn.ts";
import { type DifferenceRow, differing } from "../../iam/compare/difference.ts";
import { compilePolicies, verdictOf } from "../../iam/compiled-policy.ts";
import type { Condition } from "../../iam/condition.ts";
import { conditionTest } from "../../iam/condition-test.ts";
import { meet } from "../../iam/glob-meet.ts";
import type { PolicyDocument } from "../../iam/policy.ts";
import { readStatement, type Statement } from "../../iam/statement.ts";
import type { IamTables } from "../../iam/tables.ts";
import { holds } from "../../identity/envelope/grant-store.ts";
import type { Grant } from "../../identity/workload.ts";
import type { Swept } from "../windows/sweep.ts";

/**
 * What an identity may do at a moment that only this grant, which is over, ever declared: neither the envelope nor a grant
 * that holds has it. A row for each action, with a resource as the identity's own policy writes it.
 */
export function leftOver(
  { workload, grants }: Swept,
  { grant, identity, at }: { readonly grant: Grant; readonly identity: KnownIdentity; readonly at: Instant },
  { table }: Pick<IamTables, "table">,
): readonly DifferenceRow[] {
  const { partition = "aws", account = "" } = parseArn(identity.arn) ?? {};
  const region = workload.envelope.regions?.[0] ?? "";
  const differ = differing(table, { partition, region, account });
  const inForce = grants.filter((one) => holds(one, at)).flatMap(({ statements }) => statements);
  const declared = documentOf([...workload.envelope.statements, ...inForce]);
  const lent = differ([declared], [declared, documentOf(grant.statements)]).added;
  if (lent.length === 0) return [];
  const own = identity.policies.identity.map(({ document }) => inTime(document, at));
  const held = differ([declared], [declared, ...own]).added;
  const bound = identity.policies.boundary;
  const boundary = bound === undefined ? undefined : compilePolicies([inTime(bound.document, at)]);
  const bounded = ({ witness }: DifferenceRow): boolean =>
    boundary !== undefined &&
    verdictOf(boundary, witness.action, {
      resource: witness.resource,
      wildcardOnly: witness.resource === "*",
      context: (key) => (Object.hasOwn(witness.context, key) ? witness.context[key] : undefined),
    }) !== "allowed";
  const byAction = Map.groupBy(lent, ({ action }) => action);
  return held.filter(
    (row) => !bounded(row) && byAction.get(row.action)?.some((one) => overlap(one.resource, row.resource)) === true,
  );
}

const documentOf = (statements: readonly JsonObject[]): PolicyDocument => ({
  version: "2012-10-17",
  statements: statements.flatMap((one) => {
    const read = readStatement(one);
    return read.ok ? [read.statement] : [];
  }),
});

const overlap = (one: string, other: string): boolean => meet(one, other, "x") !== undefined;

/** Without the statements whose own time is over or has not come: who writes the end into the policy has nothing left over. */
const inTime = ({ version, statements }: PolicyDocument, at: Instant): PolicyDocument => ({
  version,
  statements: statements.filter((one) => holdsAt(one, at)),
});

const holdsAt = ({ conditions }: Statement, at: Instant): boolean =>
  conditions
    .filter(timed)
    .every((one) =>
      conditionTest(
        one,
        "2012-10-17",
      )((key) =>
        key === "aws:currenttime"
          ? printInstant(at)
          : key === "aws:epochtime"
            ? `${Math.floor(at / 1_000)}`
            : undefined,
      ),
    );

const timed = ({ key }: Condition): boolean => ["aws:currenttime", "aws:epochtime"].includes(key.toLowerCase());
