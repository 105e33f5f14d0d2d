import type { ApiCall } from "../../event/event.ts";
import { excerpt } from "../../event/excerpt.ts";
import { parseArn } from "../../iam/arn.ts";
import { nameOf } from "../../iam/compare/trust-body.ts";
import type { Workload } from "../../identity/workload.ts";
import { attempted } from "../attempt.ts";
import type { Gained } from "../deployments/announced-change.ts";
import type { Evidence } from "../finding.ts";
import type { ResourceOpening } from "./resource-opening.ts";

export interface Titled {
  readonly resource: string;
  readonly owner: Workload | undefined;
  readonly because: string;
  readonly outcome: ApiCall["outcome"];
}

/** A title for the worst of them. */
export function openingTitle({ who, entry }: ResourceOpening, { resource, owner, because, outcome }: Titled): string {
  const what =
    owner === undefined ? (nouns[parseArn(resource)?.service ?? ""] ?? "a resource") : `the workload ${owner.name}`;
  const named = entry.actions.slice(0, 2).join(", ");
  const more = entry.actions.length > 2 ? ` and ${entry.actions.length - 2} more` : "";
  return attempted(outcome)
    ? `Somebody tried to let ${who} into ${what} (${named}${more})`
    : `${what.charAt(0).toUpperCase()}${what.slice(1)} now lets in ${who} (${named}${more})${because}`;
}

const nouns: Readonly<Record<string, string>> = {
  "bedrock-agentcore": "an agent's runtime or gateway",
  backup: "a backup vault",
  bedrock: "a model",
  dynamodb: "a table",
  ecr: "a repository",
  elasticfilesystem: "a file system",
  events: "an event bus",
  kinesis: "a stream",
  kms: "a key",
  lambda: "a function",
  s3: "a bucket",
  sagemaker: "a model package group",
  secretsmanager: "a secret",
  sns: "a topic",
  sqs: "a queue",
};

/** Grants that a finding shows; the rest is counted. */
const most = 12;

/** Whom the policy lets in, worst first, and what is not known. */
export function openingEvidence(
  openings: readonly ResourceOpening[],
  known: boolean,
  resource: string,
): readonly Evidence[] {
  const grants = openings.flatMap(({ entry }) =>
    entry.actions.map(
      (action): Evidence => ({
        kind: "grant",
        action: String(excerpt(action)),
        resource: String(excerpt(entry.resources[0] ?? resource)),
      }),
    ),
  );
  const counted = (what: string, count: number): Evidence => ({ kind: "count", what, count });
  return [
    ...grants.slice(0, most),
    ...(grants.length > most ? [counted("further grants", grants.length - most)] : []),
    ...openings.slice(0, most).map(({ who }) => counted(`let in: ${excerpt(who)}`, 1)),
    ...(openings.length > most ? [counted("further principals let in", openings.length - most)] : []),
    ...(known ? [] : [counted("not known: what the policy said before, so all of it counts as new", 1)]),
    ...(parseArn(resource)?.service === "s3" && openings[0]?.kind === "everybody"
      ? [counted("not known: whether the account blocks public access all the same", 1)]
      : []),
  ];
}

/** The opening as what an announcement may have said. */
export const openingGained = ({ entry }: ResourceOpening, resource: string): readonly Gained[] =>
  entry.actions.map((action) => ({ kind: "grant", principal: nameOf(entry.principal), action, resource }));
