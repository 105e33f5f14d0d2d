import { parseArn } from "../arn.ts";
import { isPlanObject, listUnder, textUnder, under } from "./plan-value.ts";
import { gathered, type Piece, type PlannedAccess } from "./planned-access.ts";
import { changesOf, references, type TerraformChange } from "./terraform-references.ts";
import { saidBy } from "./terraform-resources.ts";

/** What a file of planned changes says about access, or why it cannot be read as one. */
export type ReadPlan =
  | { readonly ok: true; readonly access: PlannedAccess; readonly account?: string; readonly partition?: string }
  | { readonly ok: false; readonly because: string };

/**
 * Reads the output of `terraform show -json PLANFILE` (Terraform's "JSON Output Format", major versions 0 and 1; OpenTofu
 * writes the same). Only IAM, resource policies and what lets somebody in are looked at.
 */
export function readTerraformPlan(value: unknown): ReadPlan {
  if (!isPlanObject(value)) return refused("it is no JSON object");
  const version = textUnder(value, "format_version");
  if (version === undefined || !Array.isArray(value["resource_changes"]))
    return refused(
      "it has no format_version or no resource_changes: make it with terraform show -json PLANFILE (not of a state)",
    );
  if (!/^[01]\./.test(version))
    return refused(`format_version ${version.slice(0, 16)} is newer than what is read here`);
  const changes = changesOf(value);
  const written = references(value["configuration"], changes);
  const pieces = changes.flatMap((change): readonly Piece[] => [
    ...saidBy(change, "before", written),
    ...saidBy(change, "after", written),
  ]);
  const place = placeOf(value, changes);
  return { ok: true, access: gathered(pieces), ...place };
}

const refused = (because: string): ReadPlan => ({ ok: false, because });

/** The account and partition that the plan is for: of `aws_caller_identity`, else of the first ARN that names one. */
function placeOf(plan: unknown, changes: readonly TerraformChange[]): { account?: string; partition?: string } {
  const prior = listUnder(under(under(under(plan, "prior_state"), "values"), "root_module"), "resources");
  const caller = prior.find((one) => textUnder(one, "type") === "aws_caller_identity");
  const told = textUnder(under(caller, "values"), "account_id");
  const arns = [
    textUnder(under(caller, "values"), "arn"),
    ...changes.flatMap(({ before, after }) => [textUnder(before, "arn"), textUnder(after, "arn")]),
  ].flatMap((arn) => (arn === undefined ? [] : (parseArn(arn) ?? [])));
  const account = told ?? arns.find((one) => /^\d{12}$/.test(one.account))?.account;
  const partition = arns[0]?.partition;
  return {
    ...(account === undefined ? {} : { account }),
    ...(partition === undefined ? {} : { partition }),
  };
}
