import { agentCalls } from "../event/agent-session.ts";
import type { ApiCall } from "../event/event.ts";
import { text } from "../event/json.ts";
import { parseArn } from "../iam/arn.ts";
import { globOf, matchesGlob } from "../iam/glob.ts";
import { readStatement, type Scope } from "../iam/statement.ts";
import type { Envelope } from "../identity/workload.ts";

/** The calls that are held against the envelope of whoever had them made: secrets read, roles taken. */
export const reachWatches = agentCalls("secretsmanager:GetSecretValue", "ssm:GetParameter", "sts:AssumeRole");

/** What an envelope does not let its workload do, and the field of the call that says so. */
export interface Beyond {
  readonly action: string;
  readonly resource: string;
  readonly field: string;
}

/**
 * Whether this call is outside an envelope, by the names of actions and secrets alone: resources and conditions of
 * statements are not judged, so what may be allowed counts as allowed. An absent part limits nothing.
 */
export function beyond(envelope: Envelope, call: ApiCall): Beyond | undefined {
  const act = actOf(call);
  if (act === undefined) return undefined;
  const { secret, ...said } = act;
  if (secret && envelope.secrets !== undefined)
    return envelope.secrets.some((pattern) => namesSecret(pattern, said.resource)) ? undefined : said;
  return mayDo(envelope, said.action) ? undefined : said;
}

/** What one envelope lists and another does not cover: models, secrets, actions, each as it is written. */
export function listedBeyond(asker: Envelope, asked: Envelope): readonly Pick<Beyond, "action" | "resource">[] {
  const over = (theirs: readonly string[] = [], ours: readonly string[] | undefined): readonly string[] =>
    ours === undefined ? [] : theirs.filter((one) => !ours.some((pattern) => matchesGlob(globOf(pattern), one)));
  return [
    ...over(asked.models, asker.models).map((model) => ({ action: "bedrock:InvokeModel", resource: model })),
    ...over(asked.secrets, asker.secrets).map((secret) => ({
      action: parseArn(secret)?.service === "ssm" ? "ssm:GetParameter" : "secretsmanager:GetSecretValue",
      resource: secret,
    })),
    ...allowedIn(asked)
      .filter((action) => !mayDo(asker, action))
      .map((action) => ({ action, resource: "*" })),
  ];
}

function actOf({ api, request }: ApiCall): (Beyond & { readonly secret: boolean }) | undefined {
  switch (api) {
    case "secretsmanager:GetSecretValue":
      return named(api, text(request["secretId"]), "requestParameters.secretId", true);
    case "ssm:GetParameter":
      return named(api, text(request["name"]), "requestParameters.name", request["withDecryption"] === true);
    case "sts:AssumeRole":
      return named(api, text(request["roleArn"]), "requestParameters.roleArn", false);
    default:
      return undefined;
  }
}

const named = (action: string, resource: string, field: string, secret: boolean) =>
  resource === "" ? undefined : { action, resource, field, secret };

/** A name covers what its ARN covers; Secrets Manager ends ARNs with a dash and six characters that names do not have. */
function namesSecret(pattern: string, asked: string): boolean {
  const [wanted, found] = [parseArn(pattern), parseArn(asked)];
  if (wanted === undefined) return false;
  if (found !== undefined && (found.account !== wanted.account || found.region !== wanted.region)) return false;
  const name = bare(found?.resource ?? asked);
  const allowed = bare(wanted.resource);
  return [name, withoutSuffix(name)].some((one) => matchesGlob(globOf(allowed), one) || one === withoutSuffix(allowed));
}

/** `secret:name` and `parameter/path` without their kind, and paths without the slash that requests begin with. */
const bare = (resource: string): string => resource.replace(/^(?:secret:|parameter)/, "").replace(/^\//, "");

const withoutSuffix = (name: string): string => name.replace(/-[A-Za-z0-9]{6}$/, "");

/** Without statements an envelope limits no action. */
function mayDo({ statements }: Envelope, action: string): boolean {
  if (statements.length === 0) return true;
  return statements.some((raw) => {
    const read = readStatement(raw);
    return !read.ok || (read.statement.effect === "Allow" && covers(read.statement.actions, action));
  });
}

const covers = ({ kind, patterns }: Scope, action: string): boolean =>
  patterns.some((pattern) => matchesGlob(globOf(pattern.toLowerCase()), action.toLowerCase())) === (kind === "only");

const allowedIn = ({ statements }: Envelope): readonly string[] =>
  statements.flatMap((raw) => {
    const read = readStatement(raw);
    return read.ok && read.statement.effect === "Allow" && read.statement.actions.kind === "only"
      ? read.statement.actions.patterns
      : [];
  });
