import { runSimulation } from "@cloud-copilot/iam-simulate";
import { type ActionTable, wildcardOnly } from "../../../core/iam/action-table.ts";
import { type CompiledPolicy, compilePolicies } from "../../../core/iam/compiled-policy.ts";
import { contextOf } from "../../../core/iam/context.ts";
import { type Evaluation, evaluate } from "../../../core/iam/evaluate.ts";
import { type PolicyDocument, parsePolicy } from "../../../core/iam/policy.ts";
import type { Document, OracleCase } from "./oracle-case.ts";

/** What the other evaluator says (docs/decisions/0011); `refused` when it does not take the question. */
export async function oracleSays(one: OracleCase): Promise<string> {
  const named = (documents: readonly Document[]) => documents.map((policy, at) => ({ name: `p${at}`, policy }));
  const levels = (all: readonly (readonly Document[])[] | undefined) =>
    (all ?? []).map((documents, at) => ({ orgIdentifier: `level-${at}`, policies: named(documents) }));
  const said = await runSimulation(
    {
      request: {
        action: one.action,
        principal: one.principal,
        resource: { resource: one.resource, accountId: one.accountId },
        contextVariables: Object.fromEntries(
          Object.entries(one.context).map(([key, value]) => [key, typeof value === "string" ? value : [...value]]),
        ),
      },
      identityPolicies: named(one.identityPolicies),
      serviceControlPolicies: levels(one.serviceControlPolicies),
      resourceControlPolicies: levels(one.resourceControlPolicies),
      ...(one.permissionBoundaries === undefined
        ? {}
        : { permissionBoundaryPolicies: named(one.permissionBoundaries) }),
      ...(one.sessionPolicy === undefined ? {} : { sessionPolicy: one.sessionPolicy }),
      ...(one.resourcePolicy === undefined ? {} : { resourcePolicy: one.resourcePolicy }),
    },
    {},
  );
  return said.resultType === "error" ? `refused: ${JSON.stringify(said.errors).slice(0, 300)}` : said.overallResult;
}

/** What ours says. */
export function oursSays(one: OracleCase, table: ActionTable): Evaluation {
  const action = table.find(one.action);
  return evaluate(
    {
      action: one.action,
      resource: one.resource,
      resourceAccount: one.accountId,
      principal: one.principal,
      context: contextOf(one.context),
      wildcardOnly: action !== undefined && wildcardOnly(action),
    },
    {
      identityPolicies: compiled(one.identityPolicies),
      ...(one.permissionBoundaries && { permissionBoundaries: compiled(one.permissionBoundaries) }),
      ...(one.sessionPolicy && { sessionPolicy: compiled([one.sessionPolicy]) }),
      ...(one.resourcePolicy && { resourcePolicy: compiled([one.resourcePolicy]) }),
      ...(one.serviceControlPolicies && { serviceControlPolicies: one.serviceControlPolicies.map(compiled) }),
      ...(one.resourceControlPolicies && { resourceControlPolicies: one.resourceControlPolicies.map(compiled) }),
    },
  );
}

const compiled = (documents: readonly Document[]): CompiledPolicy => compilePolicies(documents.map(read));

function read(document: Document): PolicyDocument {
  const parsed = parsePolicy(document);
  if (!parsed.ok) throw new Error(`${parsed.because}: ${JSON.stringify(document)}`);
  return parsed.document;
}
