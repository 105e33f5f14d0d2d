import type { AuditEvent } from "../event/event.ts";
import type { Instant } from "../event/instant.ts";
import { fields, text } from "../event/json.ts";
import { calls, type Watch } from "../event/watch.ts";
import { type PolicyDocument, parsePolicy } from "../iam/policy.ts";
import { type Fact, type FactAnswer, type FactSource, type Facts, factKey } from "./fact.ts";

/** IAM state as a log of writes by event time: what a managed policy said at any moment, as far as the records show. */
export interface PolicyLog extends FactSource {
  /** Folds one event in. Order and repetition do not matter. */
  observe(event: AuditEvent): void;
}

/** The calls that write a managed policy's content or choose its default version (IAM API reference). */
export const policyLogWatches: Watch = calls(
  "iam:CreatePolicy",
  "iam:CreatePolicyVersion",
  "iam:SetDefaultPolicyVersion",
);

interface Write {
  readonly at: Instant;
  readonly id: string;
  readonly version: string;
  readonly isDefault: boolean;
  readonly document?: PolicyDocument;
}

export function policyLog(): PolicyLog {
  const log = new Map<string, Write[]>();
  return {
    observe(event) {
      if (event.kind !== "api-call" || event.outcome !== "done") return;
      const found = writeOf(event);
      if (found === undefined) return;
      const writes = log.get(found.arn) ?? [];
      if (writes.every((one) => one.id !== found.write.id)) writes.push(found.write);
      log.set(found.arn, writes);
    },
    async answer(facts) {
      return new Map(facts.map((fact) => [factKey(fact), answer(fact, log)])) satisfies Facts;
    },
  };
}

/** The managed policy that this event wrote a version of, by ARN. */
export const policyWrittenBy = (event: AuditEvent): string | undefined =>
  event.kind === "api-call" && event.outcome === "done" ? writeOf(event)?.arn : undefined;

function answer(fact: Fact, log: ReadonlyMap<string, readonly Write[]>): FactAnswer {
  if (fact.kind !== "managed-policy") return { kind: "unknown", because: "only managed policies are known" };
  const before = (log.get(fact.policy) ?? [])
    .filter((one) => one.at <= fact.at)
    .toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  const chosen = before.findLast((one) => one.isDefault);
  const document = before.findLast((one) => one.version === chosen?.version && one.document !== undefined)?.document;
  return document === undefined
    ? { kind: "unknown", because: `the content of ${fact.policy} is not in these records` }
    : { kind: "managed-policy", document, because: "the policy's default version as written in these records" };
}

function writeOf(event: Extract<AuditEvent, { kind: "api-call" }>): { arn: string; write: Write } | undefined {
  const { at, id, request, response } = event;
  const parsed = parsePolicy(request["policyDocument"]);
  const document = parsed.ok ? { document: parsed.document } : {};
  switch (event.api) {
    case "iam:CreatePolicy":
      return {
        arn: text(fields(response["policy"])["arn"]),
        write: { at, id, version: "v1", isDefault: true, ...document },
      };
    case "iam:CreatePolicyVersion": {
      const version = text(fields(response["policyVersion"])["versionId"]) || id;
      const isDefault = request["setAsDefault"] === true || request["setAsDefault"] === "true";
      return { arn: text(request["policyArn"]), write: { at, id, version, isDefault, ...document } };
    }
    case "iam:SetDefaultPolicyVersion":
      return {
        arn: text(request["policyArn"]),
        write: { at, id, version: text(request["versionId"]), isDefault: true },
      };
    default:
      return undefined;
  }
}
