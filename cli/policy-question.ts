import { isObject, type JsonObject } from "../core/event/json.ts";
import { type ActionTable, wildcardOnly } from "../core/iam/action-table.ts";
import { type CompiledPolicy, compilePolicies } from "../core/iam/compiled-policy.ts";
import { type ContextValue, contextOf } from "../core/iam/context.ts";
import type { AccessRequest, Layers } from "../core/iam/evaluate.ts";
import { type PolicyDocument, parsePolicy } from "../core/iam/policy.ts";

/** A request and the policies to judge it by, or what is wrong with them. */
export type Question =
  | { readonly ok: true; readonly request: AccessRequest; readonly layers: Layers }
  | { readonly ok: false; readonly because: string };

/** Reads what `cordon policy evaluate` is asked. A layer that is not known is refused by name, never left out. */
export function questionOf(line: JsonObject, table: ActionTable): Question {
  const unknown = Object.keys(line).find((name) => !known.has(name));
  if (unknown !== undefined) return refuse(`unknown layer ${quoted(unknown)}; known are ${[...layerNames].join(", ")}`);
  const request = requestOf(line["request"], table);
  if (typeof request === "string") return refuse(request);
  const problems: string[] = [];
  const set = (name: string, value: unknown): CompiledPolicy | undefined => {
    const documents = documentsOf(name, value);
    if (typeof documents === "string") problems.push(documents);
    else if (documents.length > 0) return compilePolicies(documents);
    return undefined;
  };
  const levels = (name: string): readonly CompiledPolicy[] | undefined => {
    const found = levelsOf(name, line[name]);
    if (typeof found !== "string") return found.length === 0 ? undefined : found.map(compilePolicies);
    problems.push(found);
    return undefined;
  };
  const permissionBoundaries = set("permissionBoundaries", line["permissionBoundaries"]);
  const sessionPolicy = set("sessionPolicy", line["sessionPolicy"]);
  const resourcePolicy = set("resourcePolicy", line["resourcePolicy"]);
  const serviceControlPolicies = levels("serviceControlPolicies");
  const resourceControlPolicies = levels("resourceControlPolicies");
  const layers: Layers = {
    identityPolicies: set("identityPolicies", line["identityPolicies"]) ?? compilePolicies([]),
    ...(permissionBoundaries && { permissionBoundaries }),
    ...(sessionPolicy && { sessionPolicy }),
    ...(resourcePolicy && { resourcePolicy }),
    ...(serviceControlPolicies && { serviceControlPolicies }),
    ...(resourceControlPolicies && { resourceControlPolicies }),
  };
  const [problem] = problems;
  return problem === undefined ? { ok: true, request, layers } : refuse(problem);
}

const layerNames: ReadonlySet<string> = new Set([
  "identityPolicies",
  "permissionBoundaries",
  "sessionPolicy",
  "resourcePolicy",
  "serviceControlPolicies",
  "resourceControlPolicies",
] satisfies readonly (keyof Layers)[]);

/** `name` is a label for whoever wrote the line. */
const known: ReadonlySet<string> = new Set(["id", "name", "request", ...layerNames]);

const requestFields: ReadonlySet<string> = new Set([
  "action",
  "resource",
  "principal",
  "context",
  "wildcardOnlyAction",
]);

function requestOf(given: unknown, table: ActionTable): AccessRequest | string {
  if (!isObject(given)) return "no request";
  const unknown = Object.keys(given).find((name) => !requestFields.has(name));
  if (unknown !== undefined) return `unknown field ${quoted(unknown)} in the request`;
  const { action, principal } = given;
  if (typeof action !== "string" || !/^[^:]+:[^:]+$/.test(action)) return "request.action is not service:Action";
  if (typeof principal !== "string" || principal === "") return "request.principal is not a text";
  const target = resourceOf(given["resource"]);
  if (target === undefined) return "request.resource is not {resource, accountId}";
  const context = contextValues(given["context"] ?? {});
  if (context === undefined) return "request.context is not an object of texts and lists of texts";
  const found = table.find(action);
  return {
    action,
    principal,
    ...target,
    context: contextOf(context),
    wildcardOnly:
      typeof given["wildcardOnlyAction"] === "boolean"
        ? given["wildcardOnlyAction"]
        : found !== undefined && wildcardOnly(found),
  };
}

function resourceOf(given: unknown): Pick<AccessRequest, "resource" | "resourceAccount"> | undefined {
  if (!isObject(given)) return undefined;
  const { resource, accountId } = given;
  if (typeof resource !== "string" || resource === "") return undefined;
  if (accountId !== undefined && accountId !== null && typeof accountId !== "string") return undefined;
  return { resource, resourceAccount: accountId ?? undefined };
}

function contextValues(given: unknown): Readonly<Record<string, ContextValue>> | undefined {
  if (!isObject(given)) return undefined;
  const entries: (readonly [string, ContextValue])[] = [];
  for (const [key, value] of Object.entries(given)) {
    if (Array.isArray(value)) entries.push([key, value.map(String)]);
    else if (typeof value === "string" || typeof value === "number" || typeof value === "boolean")
      entries.push([key, String(value)]);
    else if (value !== null) return undefined;
  }
  return Object.fromEntries(entries);
}

/** One document or a list of them; `null` and nothing are no documents. */
function documentsOf(name: string, value: unknown): readonly PolicyDocument[] | string {
  if (value === undefined || value === null) return [];
  const given: readonly unknown[] = Array.isArray(value) ? value : [value];
  const documents: PolicyDocument[] = [];
  for (const [index, one] of given.entries()) {
    if (one === null) continue;
    const parsed = parsePolicy(one);
    if (!parsed.ok) return `${name}[${index}]: ${parsed.because}`;
    documents.push(parsed.document);
  }
  return documents;
}

/** An organization's policies: levels as `{orgIdentifier, policies}`, or a plain list of documents as one level. */
function levelsOf(name: string, value: unknown): readonly (readonly PolicyDocument[])[] | string {
  if (value === undefined || value === null || (Array.isArray(value) && value.length === 0)) return [];
  const given: readonly unknown[] = Array.isArray(value) ? value : [value];
  const levels: (readonly PolicyDocument[])[] = [];
  const plain = !given.every((one) => isObject(one) && Object.hasOwn(one, "policies"));
  for (const one of plain ? [given] : given.map((level) => (isObject(level) ? level["policies"] : undefined))) {
    const documents = documentsOf(name, one);
    if (typeof documents === "string") return documents;
    levels.push(documents);
  }
  return levels;
}

const quoted = (name: string): string => JSON.stringify(name.length > 64 ? `${name.slice(0, 63)}…` : name);

const refuse = (because: string): Question => ({ ok: false, because });
