import type { ApiCall } from "../../event/event.ts";
import { fields, text } from "../../event/json.ts";
import { type TrustRow, trustDifference } from "../../iam/compare/trust-difference.ts";
import { type PolicyDocument, parsePolicy } from "../../iam/policy.ts";
import type { IamTables } from "../../iam/tables.ts";
import type { Workload } from "../../identity/workload.ts";
import type { Seen } from "../detector.ts";
import { type Fact, type FactAnswer, factKey } from "../facts/fact.ts";
import { type PrivilegeLevel, privilegeLevel } from "../grants/privilege-level.ts";
import { builtArn } from "../touched.ts";
import { expects } from "./trust-expected.ts";
import { type Opening, openingKinds, openingsOf } from "./trust-opening.ts";

/** A trust policy that was written, with what is known of the one before it. */
export interface TrustChange {
  readonly role: { readonly name: string; readonly arn?: string };
  /** Where the new document stands, and the request's parameter for it. */
  readonly path: string;
  readonly before: TrustBefore;
  /** Whom it newly lets in, gravest first; without a known policy before, whom it lets in. */
  readonly openings: readonly Opening[];
  /** The manifest whose role this is. */
  readonly owner?: Workload;
  /** How mighty the role is, where that is known: what whoever is let in may do. */
  readonly level?: PrivilegeLevel;
}

export type TrustBefore =
  | { readonly kind: "new-role" }
  | { readonly kind: "known"; readonly because: string }
  | { readonly kind: "unknown"; readonly because: string };

/** The parameters in which trust policies are written. */
export const trustParameters: Readonly<Record<string, string>> = {
  "iam:CreateRole": "assumeRolePolicyDocument",
  "iam:UpdateAssumeRolePolicy": "policyDocument",
};

/** What the role was just before; asked for existing roles only. */
export function trustQuestion(call: ApiCall): Extract<Fact, { kind: "identity" }> | undefined {
  const arn = call.api === "iam:UpdateAssumeRolePolicy" ? roleArn(call) : undefined;
  return arn === undefined ? undefined : { kind: "identity", arn, before: { at: call.at, id: call.id } };
}

/** Reads the change; nothing where the request holds no trust policy that can be read. */
export function trustChange(seen: Seen, call: ApiCall, tables: IamTables): TrustChange | undefined {
  const parameter = trustParameters[call.api];
  const parsed = parameter === undefined ? undefined : parsePolicy(call.request[parameter]);
  const account = call.account ?? call.principal.account;
  if (parameter === undefined || parsed === undefined || !parsed.ok || account === undefined) return undefined;
  const question = trustQuestion(call);
  const answer = question === undefined ? undefined : seen.facts.get(factKey(question));
  const { before, documents } = earlier(call, answer);
  const around = { partition: call.partition, region: call.region, account };
  const { added } = trustDifference(documents, [parsed.document], { table: tables.table, around });
  const known = answer?.kind === "identity" ? answer.identity.arn : undefined;
  const name = text(call.request["roleName"]);
  const arn = known ?? answeredArn(call) ?? roleArn(call);
  const owner = ownerOf([arn, roleArn(call)], seen);
  const news = added.filter((row) => owner === undefined || !expects(owner, row));
  const openings = openingsOf(news, { account, call, registry: seen.registry });
  return {
    role: { name, ...(arn === undefined ? {} : { arn }) },
    path: `requestParameters.${parameter}`,
    before,
    openings: openings.toSorted((a, b) => openingKinds.indexOf(a.kind) - openingKinds.indexOf(b.kind)),
    ...(owner === undefined ? {} : { owner }),
    ...(openings.length > 0 && answer?.kind === "identity" ? { level: privilegeLevel(answer.identity, tables) } : {}),
  };
}

/** A row in words that a trust policy's reader knows: principal, action, conditions. */
export const shownRow = ({ principal, except, action, condition, dropped }: TrustRow): string =>
  [
    `${principal}${except === undefined ? "" : ` but ${except.join(", ")}`} ${action}`,
    ...(Object.keys(condition).length === 0 ? [] : [`where ${JSON.stringify(condition)}`]),
    ...(dropped === undefined ? [] : [`no longer asked for: ${dropped.join(", ")}`]),
  ].join(" ");

const roleArn = (call: ApiCall): string | undefined => {
  const name = text(call.request["roleName"]);
  return name === "" ? undefined : builtArn(call, "role", name);
};

/** With its path, which requests do not carry. */
const answeredArn = ({ response }: ApiCall): string | undefined => text(fields(response["role"])["arn"]) || undefined;

function earlier(
  { api }: ApiCall,
  answer: FactAnswer | undefined,
): { readonly before: TrustBefore; readonly documents: readonly PolicyDocument[] } {
  if (api === "iam:CreateRole") return { before: { kind: "new-role" }, documents: [] };
  if (answer?.kind === "identity" && answer.identity.trust !== undefined)
    return { before: { kind: "known", because: answer.because }, documents: [answer.identity.trust] };
  const because = answer?.kind === "unknown" ? answer.because : "nothing tells what it said before";
  return { before: { kind: "unknown", because }, documents: [] };
}

function ownerOf(arns: readonly (string | undefined)[], { registry }: Seen): Workload | undefined {
  for (const arn of arns) {
    const owner = arn === undefined ? undefined : registry.byRole(arn);
    if (owner !== undefined) return owner;
  }
  return undefined;
}
