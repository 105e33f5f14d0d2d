import type { ApiCall } from "../../event/event.ts";
import type { IamTables } from "../../iam/tables.ts";
import type { Conduct } from "../../identity/conduct.ts";
import { type CompiledEnvelope, compileEnvelope } from "../../identity/envelope/envelope.ts";
import type { Workload } from "../../identity/workload.ts";
import type { Seen } from "../detector.ts";

/** What the manifest of whoever reads a secret says of it. */
export type SecretStanding = "undeclared" | "inside" | "outside" | "not-judged";

/** Judges the reading of one secret, by ARN without its random end, against the envelope of the reader. */
export function secretStanding(iam: IamTables): (seen: Seen, arn: string) => SecretStanding {
  const compiled = new WeakMap<Workload, CompiledEnvelope>();
  const envelopeOf = (workload: Workload): CompiledEnvelope => {
    const known = compiled.get(workload) ?? compileEnvelope(workload, workload.grants ?? [], iam);
    compiled.set(workload, known);
    return known;
  };
  return ({ event, workload }, arn) => {
    if (event.kind !== "api-call" || workload === undefined) return "undeclared";
    const envelope = envelopeOf(workload);
    const verdicts = formsOf(arn).map((form) => envelope.judge(reading(event, arn, form), event.at).kind);
    return verdicts.find((one) => one !== "outside") ?? "outside";
  };
}

/** A statement may name a secret with the characters that Secrets Manager adds (`??????`); a request may leave them out. */
const formsOf = (arn: string): readonly string[] => (isParameter(arn) ? [arn] : [arn, `${arn}-AAAAAA`]);

const isParameter = (arn: string): boolean => arn.includes(":parameter/");

function reading(call: ApiCall, secret: string, resource: string): Conduct {
  const { partition, region, outcome } = call;
  const api = isParameter(secret) ? "ssm:GetParameter" : "secretsmanager:GetSecretValue";
  const account = call.account ?? call.principal.account ?? "";
  return {
    ...{ api, partition, region, account, outcome },
    checks: [{ action: api, resources: [resource] }],
    secrets: [secret],
  };
}
