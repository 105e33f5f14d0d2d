import type { ApiCall } from "../../event/event.ts";
import type { Instant } from "../../event/instant.ts";
import { text } from "../../event/json.ts";
import { isPolicyArn, parseArn } from "../../iam/arn.ts";
import { differing } from "../../iam/compare/difference.ts";
import { grantsEverything, type PolicyDocument } from "../../iam/policy.ts";
import type { IamTables } from "../../iam/tables.ts";
import { type Fact, type Facts, factKey } from "../facts/fact.ts";

/** What a boundary allows now that the one before did not. */
export type Widening =
  | {
      readonly kind: "wider";
      readonly actions: readonly string[];
      readonly example: { readonly action: string; readonly resource: string };
    }
  | { readonly kind: "not-wider" }
  /** One of the two texts is not known. */
  | { readonly kind: "unknown"; readonly because: string };

/** Compares the texts of two boundaries; what is not known is `undefined`. */
export type MeasureWidening = (old: PolicyDocument | undefined, now: PolicyDocument | undefined) => Widening;

/** Where made-up witnesses lie; they are looked at, never shown. */
const around = { partition: "aws", region: "anywhere", account: "111122223333" } as const;

/** Measures by how much a boundary is wider; the comparison is prepared at its first use. */
export function wideningMeasure({ table }: IamTables): MeasureWidening {
  let differ: ReturnType<typeof differing> | undefined;
  return (old, now) => {
    if (now === undefined) return { kind: "unknown", because: "what the new boundary allows is not known" };
    if (old === undefined) return { kind: "unknown", because: "what the former boundary allowed is not known" };
    differ ??= differing(table, around);
    const { added } = differ([old], [now]);
    const [first] = added;
    if (first === undefined) return { kind: "not-wider" };
    const actions = [...new Set(added.map(({ action }) => action))];
    return { kind: "wider", actions, example: { action: first.action, resource: first.resource } };
  };
}

/** The question what a managed policy says right after the call. AWS's own policies are asked about too: IAM knows them. */
export const textQuestion = (policy: string, at: Instant): readonly Extract<Fact, { kind: "managed-policy" }>[] =>
  isPolicyArn(policy) ? [{ kind: "managed-policy", policy, at }] : [];

/** The text of a managed policy as it was answered; AWS's policy for everything and the one for nothing need no answer. */
export function textOf(policy: string, at: Instant, facts: Facts): PolicyDocument | undefined {
  const own = wellKnown(policy);
  if (own !== undefined) return own;
  const [question] = textQuestion(policy, at);
  const answer = question === undefined ? undefined : facts.get(factKey(question));
  return answer?.kind === "managed-policy" ? answer.document : undefined;
}

/** As a boundary this bounds nothing. */
export function boundsNothing(policy: string, document: PolicyDocument | undefined): boolean {
  return isAwsOwned(policy, "AdministratorAccess") || (document !== undefined && grantsEverything(document));
}

/** AWS's own policy of this name, in any partition. */
export function isAwsOwned(policy: string, name: string): boolean {
  const arn = parseArn(policy);
  return arn?.service === "iam" && arn.account === "aws" && arn.resource.split("/").at(-1) === name;
}

/** The ARN or name of the boundary that a call sets; empty where it sets none. */
export const boundarySet = ({ request }: ApiCall): string => text(request["permissionsBoundary"]);

/** AWS Managed Policy Reference, "AdministratorAccess" and "AWSDenyAll": neither can be edited. */
function wellKnown(policy: string): PolicyDocument | undefined {
  const effect = isAwsOwned(policy, "AdministratorAccess")
    ? "Allow"
    : isAwsOwned(policy, "AWSDenyAll")
      ? "Deny"
      : undefined;
  if (effect === undefined) return undefined;
  const all = { kind: "only", patterns: ["*"] } as const;
  return {
    version: "2012-10-17",
    statements: [{ effect, actions: all, resources: all, conditions: [], conditional: false }],
  };
}
