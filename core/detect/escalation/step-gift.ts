import type { ApiCall } from "../../event/event.ts";
import { text } from "../../event/json.ts";
import { isPolicyArn, parseArn } from "../../iam/arn.ts";
import type { ShownStep } from "../../iam/reach/escalation-shows.ts";
import type { IamTables } from "../../iam/tables.ts";
import { type Fact, type Facts, factKey } from "../facts/fact.ts";
import { type Might, mightOf, mightOfManaged, mightOfParsed } from "./granted-might.ts";

/** What must be known to say how much a step gives, and to whom. */
export function giftFacts({ request, at, id }: ApiCall, step: ShownStep): readonly Fact[] {
  const policy = text(request["policyArn"]);
  if (!isPolicyArn(policy)) return [];
  if (step.grants === "version") return [{ kind: "holders", policy, before: { at, id } }];
  return step.grants === "attached" && parseArn(policy)?.account !== "aws"
    ? [{ kind: "managed-policy", policy, at }]
    : [];
}

/** How much a step gives; nothing where it gives no rights. */
export function giftOf(call: ApiCall, step: ShownStep, { facts, tables }: Known): Might | undefined {
  const { request, at } = call;
  if (step.grants === undefined) return undefined;
  if (step.grants !== "attached") return mightOf(request["policyDocument"], tables);
  const policy = text(request["policyArn"]);
  if (!isPolicyArn(policy)) return "unknown";
  const answer = facts.get(factKey({ kind: "managed-policy", policy, at }));
  return answer?.kind === "managed-policy" ? mightOfParsed(answer.document, tables) : mightOfManaged(policy, tables);
}

/** ARNs of the roles and users that have the policy which the call rewrites. */
export function holdersOf({ request, at, id }: ApiCall, facts: Facts): readonly string[] {
  const policy = text(request["policyArn"]);
  const answer = facts.get(factKey({ kind: "holders", policy, before: { at, id } }));
  return answer?.kind === "holders" ? answer.holders.map(({ arn }) => arn) : [];
}

interface Known {
  readonly facts: Facts;
  readonly tables: IamTables;
}
