import type { Principal } from "../../event/principal.ts";
import { awsManaged } from "../../iam/account/aws-managed.ts";
import type { ActionTable } from "../../iam/action-table.ts";
import { isPlanObject, listUnder, textUnder, under } from "../../iam/plans/plan-value.ts";
import { type PolicyDocument, parsePolicy } from "../../iam/policy.ts";
import type { Conduct } from "../../identity/conduct.ts";
import { gradeDocumentOf } from "../../respond/deny-policies.ts";
import { namesPrincipal } from "./simulated-holder.ts";
import { type CallVerdict, policyJudge } from "./simulated-policy.ts";

/** What a containment would take away, as far as that is a matter of policies and keys. */
export interface Containment {
  readonly denies: readonly {
    readonly holder: string;
    readonly kind: "denies" | "boundary";
    readonly document: PolicyDocument;
  }[];
  /** Access keys that it switches off. */
  readonly keys: readonly string[];
  /** Steps whose effect records cannot show, by kind. */
  readonly notSimulated: readonly string[];
}

export type ReadContainment =
  | { readonly ok: true; readonly containment: Containment }
  | { readonly ok: false; readonly because: string };

/**
 * Reads a containment: a plan as this product makes it (`steps` that set one slot each), or
 * `{"denies":[{"role","statements"}]}`, Deny statements beside what the role has.
 */
export function readContainment(value: unknown): ReadContainment {
  if (Array.isArray(under(value, "steps"))) return ofSteps(listUnder(value, "steps"));
  if (!Array.isArray(under(value, "denies")))
    return { ok: false, because: 'it has neither "steps" nor "denies": [{"role", "statements"}]' };
  const denies: Containment["denies"][number][] = [];
  for (const [at, one] of listUnder(value, "denies").entries()) {
    const holder = textUnder(one, "role");
    if (holder === undefined) return { ok: false, because: `denies[${at}] has no role` };
    const parsed = parsePolicy({ Version: "2012-10-17", Statement: listUnder(one, "statements") });
    if (!parsed.ok) return { ok: false, because: `denies[${at}]: ${parsed.because}` };
    if (parsed.document.statements.some(({ effect }) => effect !== "Deny"))
      return { ok: false, because: `denies[${at}] has a statement that is no Deny: a containment allows nothing` };
    denies.push({ holder, kind: "denies", document: parsed.document });
  }
  return { ok: true, containment: { denies, keys: [], notSimulated: [] } };
}

function ofSteps(steps: readonly unknown[]): ReadContainment {
  const denies: Containment["denies"][number][] = [];
  const keys: string[] = [];
  const notSimulated: string[] = [];
  for (const step of steps) {
    const change = under(step, "change");
    const [slot, after] = [under(change, "slot"), under(change, "after")];
    const kind = textUnder(slot, "kind") ?? "a step without a slot";
    const holder = textUnder(under(slot, "holder"), "arn");
    const document =
      kind === "attached-policy" && after === "attached"
        ? attachedDocument(textUnder(slot, "policy") ?? "")
        : kind === "boundary" && typeof after === "string"
          ? awsManaged(after)?.document
          : kind === "inline-policy" && isPlanObject(after)
            ? documentIn(after)
            : undefined;
    if (holder !== undefined && document !== undefined)
      denies.push({ holder, kind: kind === "boundary" ? "boundary" : "denies", document });
    else if (kind === "access-key" && after === "Inactive") keys.push(textUnder(slot, "accessKeyId") ?? "");
    else if (kind !== "tag") notSimulated.push(kind);
  }
  return { ok: true, containment: { denies, keys, notSimulated: [...new Set(notSimulated)].sort() } };
}

const attachedDocument = (policy: string): PolicyDocument | undefined =>
  awsManaged(policy)?.document ?? documentIn(gradeDocumentOf(policy));

function documentIn(value: unknown): PolicyDocument | undefined {
  const parsed = parsePolicy(value);
  return parsed.ok ? parsed.document : undefined;
}

/** Judges calls by a containment; those of principals that it does not touch are nothing to it. */
export function containmentJudge(
  { denies, keys }: Containment,
  table: ActionTable,
): (conduct: Conduct, principal: Principal) => CallVerdict | undefined {
  const judges = denies.map(({ holder, kind, document }) => ({
    holder,
    judge: policyJudge({ kind, documents: [document] }, table),
  }));
  return (conduct, principal) => {
    if (principal.accessKeyId !== undefined && keys.includes(principal.accessKeyId)) {
      const action = conduct.checks?.[0]?.action ?? conduct.api;
      return {
        kind: "denied",
        action,
        because: { kind: "rule", rule: "inactive-key", because: "its access key is inactive" },
      };
    }
    const verdicts = judges
      .filter(({ holder }) => namesPrincipal(holder, principal))
      .map(({ judge }) => judge(conduct, principal));
    return (
      verdicts.find(({ kind }) => kind === "denied") ?? verdicts.find(({ kind }) => kind === "depends") ?? verdicts[0]
    );
  };
}
