import type { ApiCall } from "../../event/event.ts";
import { list, text } from "../../event/json.ts";
import { awsManaged } from "../../iam/aws-managed.ts";
import { escalates } from "../../iam/escalates.ts";
import { grantsEverything, parsePolicy } from "../../iam/policy.ts";
import { reachStatements } from "../../iam/reach-statement.ts";
import type { IamTables } from "../../iam/tables.ts";

/** How much a document gives: everything, ways to more, less than that; or nobody can say. */
export type Might = "everything" | "escalates" | "some" | "unknown";

/** How mighty whoever has only this policy is. */
export function mightOf(document: unknown, { paths, table }: IamTables): Might {
  const parsed = parsePolicy(document);
  if (!parsed.ok) return "unknown";
  if (grantsEverything(parsed.document)) return "everything";
  const read = reachStatements(document);
  if (!read.ok) return "unknown";
  return escalates(read.statements, { paths, table }).length > 0 ? "escalates" : "some";
}

/** How mighty AWS's own policies are that are known to give whole services away; of other ARNs nobody can say. */
export function mightOfManaged(arn: string, tables: IamTables): Might {
  const known = awsManaged(arn);
  return known === undefined ? "unknown" : mightOf(known.text, tables);
}

/**
 * How wide a federated session is asked for: it has no more than its user, and nothing without a policy of its own
 * (STS API reference, GetFederationToken).
 */
export function sessionWidth({ request }: ApiCall): "everything" | "less" {
  const arns = list(request["policyArns"]).map((one) =>
    text(typeof one === "string" ? one : typeof one === "object" && one !== null && "arn" in one ? one["arn"] : ""),
  );
  const held = [request["policy"], ...arns.flatMap((arn) => awsManaged(arn)?.text ?? [])];
  const parsed = held.filter((one) => one !== undefined).map(parsePolicy);
  return parsed.some((one) => one.ok && grantsEverything(one.document)) ? "everything" : "less";
}
