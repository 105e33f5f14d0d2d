import type { Instant } from "../../event/instant.ts";
import type { JsonObject } from "../../event/json.ts";
import { parseArn } from "../../iam/arn.ts";
import type { DifferenceRow } from "../../iam/compare/difference.ts";
import { patternCovers } from "../../iam/compare/difference-body.ts";
import { type CompiledPolicy, compilePolicies, verdictOf } from "../../iam/compiled-policy.ts";
import { type PolicyDocument, parsePolicy } from "../../iam/policy.ts";
import type { Registry, Workload } from "../../identity/workload.ts";

/** What a workload may be granted: its envelope's statements and its grants in force, as policies. */
export interface DeclaredGrants {
  readonly workload: Workload;
  readonly allows: readonly PolicyDocument[];
  /** Whether anything is shut at all. */
  readonly narrows: boolean;
  /** True for what a Deny of the envelope shuts, or a secret that the envelope does not list, whatever its statements allow. */
  shuts(row: DifferenceRow): boolean;
}

/** The one active manifest that names a role or a user by its ARN. */
export function declaring(arn: string | undefined, registry: Registry): Workload | undefined {
  if (arn === undefined) return undefined;
  const kind = parseArn(arn)?.resource.split("/", 1)[0];
  if (kind === "role") return registry.byRole(arn);
  return kind === "user" ? registry.selecting("userArn", [arn])?.manifest : undefined;
}

/**
 * The envelope as policies at one moment, or nothing where it declares no actions: then it limits none. Statements that
 * cannot be read allow nothing here; the manifest reader has named them.
 */
export function declaredGrants(workload: Workload, at: Instant): DeclaredGrants | undefined {
  const inForce = (workload.grants ?? []).filter(({ from, until }) => from <= at && at < until);
  const lists = [workload.envelope.statements, ...inForce.map(({ statements }) => statements)];
  const read = lists.filter((one) => one.length > 0).map(partsOf);
  if (read.length === 0) return undefined;
  const { secrets } = workload.envelope;
  return {
    workload,
    allows: read.map(({ allows }) => allows),
    narrows: secrets !== undefined || read.some(({ denies }) => denies !== undefined),
    shuts: (row) =>
      read.some(({ denies }) => denies !== undefined && denied(denies, row)) ||
      (secrets !== undefined && readsSecrets.has(row.action.toLowerCase()) && !listed(secrets, row.resource)),
  };
}

interface Parts {
  readonly allows: PolicyDocument;
  readonly denies: CompiledPolicy | undefined;
}

const known = new WeakMap<readonly JsonObject[], Parts>();

function partsOf(statements: readonly JsonObject[]): Parts {
  const before = known.get(statements);
  if (before !== undefined) return before;
  const parsed = parsePolicy({ Version: "2012-10-17", Statement: statements });
  const all = parsed.ok ? parsed.document.statements : [];
  const denies = all.filter(({ effect }) => effect === "Deny");
  const parts: Parts = {
    allows: { version: "2012-10-17", statements: all.filter(({ effect }) => effect === "Allow") },
    denies: denies.length === 0 ? undefined : compilePolicies([{ version: "2012-10-17", statements: denies }]),
  };
  known.set(statements, parts);
  return parts;
}

const denied = (policy: CompiledPolicy, { witness }: DifferenceRow): boolean =>
  verdictOf(policy, witness.action, {
    resource: witness.resource,
    wildcardOnly: witness.resource === "*",
    context: (key) => (Object.hasOwn(witness.context, key) ? witness.context[key] : undefined),
  }) === "denied";

/** Actions that answer with a secret, in lower case. */
const readsSecrets: ReadonlySet<string> = new Set([
  "secretsmanager:getsecretvalue",
  "secretsmanager:batchgetsecretvalue",
  "ssm:getparameter",
  "ssm:getparameters",
  "ssm:getparametersbypath",
  "ssm:getparameterhistory",
]);

/** Secrets Manager ends ARNs with a dash and six characters, which policies write as `-*` or `-??????`. */
const listed = (secrets: readonly string[], resource: string): boolean =>
  secrets.some((one) => patternCovers(one, resource) || withoutEnd(one) === withoutEnd(resource));

const withoutEnd = (arn: string): string => arn.replace(/-(?:\*|\?{6}|[A-Za-z0-9]{6})$/, "");
