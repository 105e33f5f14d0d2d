import type { ApiCall } from "../../event/event.ts";
import { excerpt } from "../../event/excerpt.ts";
import { text } from "../../event/json.ts";
import { isRoleArn } from "../../iam/arn.ts";
import { bareRole } from "../escalation/acting.ts";
import { type Fact, type Facts, factKey } from "../facts/fact.ts";
import { factEvidence } from "../facts/fact-evidence.ts";
import { fieldOf, type Weakened } from "../guard-rails/guard-rail.ts";
import { resourceArn } from "./ai-row.ts";

/** The question as which role an agent's runtime worked before a call that says anew all that it is. */
export function runtimeFacts(call: ApiCall): readonly Fact[] {
  if (call.api !== "bedrock-agentcore:UpdateAgentRuntime") return [];
  const named = text(call.response["agentRuntimeArn"]) || text(call.request["agentRuntimeId"]);
  const thing = resourceArn(call, "bedrock-agentcore:runtime/", named);
  return thing === undefined ? [] : [{ kind: "works-as", thing, before: { at: call.at, id: call.id } }];
}

/** That a runtime works as another role from now on; nothing where it does not, or where nobody knows as which it did. */
export function otherRole(call: ApiCall, facts: Facts): Weakened | undefined {
  const [asked] = runtimeFacts(call);
  const known = asked && facts.get(factKey(asked));
  const given = text(call.request["roleArn"]);
  if (asked?.kind !== "works-as" || known?.kind !== "works-as" || !isRoleArn(given)) return undefined;
  if (bareRole(given) === bareRole(known.role)) return undefined;
  return {
    did: `An agent runtime works as another role than before: ${excerpt(nameOf(given))} instead of ${excerpt(nameOf(known.role))}`,
    tried: "have an agent runtime work as another role",
    severity: "medium",
    confidence: "high",
    resource: asked.thing,
    evidence: [fieldOf(call, "requestParameters.roleArn", given), factEvidence(asked, facts, call.at)],
  };
}

const nameOf = (role: string): string => role.slice(role.lastIndexOf("/") + 1);
