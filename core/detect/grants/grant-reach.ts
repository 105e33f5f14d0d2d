import { shownCondition } from "../../iam/compare/condition-shown.ts";
import type { PolicyDocument } from "../../iam/policy.ts";
import type { ReachStatement } from "../../iam/reach/reach.ts";
import { conditionTests } from "../../iam/reach/reach-condition.ts";

/** The statements of identity policies, ready to be asked what they could allow. */
export const reachOfDocuments = (documents: readonly PolicyDocument[]): readonly ReachStatement[] =>
  documents.flatMap(statementsOf);

const remembered = new WeakMap<PolicyDocument, readonly ReachStatement[]>();

function statementsOf(document: PolicyDocument): readonly ReachStatement[] {
  const known = remembered.get(document);
  if (known !== undefined) return known;
  const made = document.statements.map(({ effect, actions, resources, conditions }) => ({
    effect,
    actions,
    resources,
    tests: conditionTests(shownCondition(conditions)),
  }));
  remembered.set(document, made);
  return made;
}
