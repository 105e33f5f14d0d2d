import { awsManaged } from "../../iam/account/aws-managed.ts";
import { grantsEverything, type PolicyDocument, parsePolicy } from "../../iam/policy.ts";
import { escalates } from "../../iam/reach/escalates.ts";
import { reachStatements } from "../../iam/reach/reach-statement.ts";
import type { IamTables } from "../../iam/tables.ts";

/** How much a document gives: everything, ways to more, less than that; or nobody can say. */
export type Might = "everything" | "escalates" | "some" | "unknown";

/** So many documents are remembered by their text: tools write the same few again and again. */
const mostRemembered = 512;
const longestRemembered = 8_192;
const remembered = new WeakMap<IamTables, Map<string, Might>>();

/** How mighty whoever has only this policy is. */
export function mightOf(document: unknown, tables: IamTables): Might {
  if (typeof document !== "string" || document.length > longestRemembered) return judged(document, tables);
  let known = remembered.get(tables);
  if (known === undefined || known.size >= mostRemembered) known = new Map();
  remembered.set(tables, known);
  const might = known.get(document) ?? judged(document, tables);
  known.set(document, might);
  return might;
}

function judged(document: unknown, { paths, table }: IamTables): Might {
  const parsed = parsePolicy(document);
  if (!parsed.ok) return "unknown";
  if (grantsEverything(parsed.document)) return "everything";
  const read = reachStatements(document);
  if (!read.ok) return "unknown";
  return escalates(read.statements, { paths, table }).length > 0 ? "escalates" : "some";
}

/** The same for a document in normal form. What a condition says is lost there: an Allow with one counts, a Deny with one does not. */
export function mightOfParsed(document: PolicyDocument, { paths, table }: IamTables): Might {
  if (grantsEverything(document)) return "everything";
  const statements = document.statements
    .filter(({ effect, conditional }) => effect === "Allow" || !conditional)
    .map(({ effect, actions, resources }) => ({ effect, actions, resources, tests: [] }));
  return escalates(statements, { paths, table }).length > 0 ? "escalates" : "some";
}

/** How mighty AWS's own policies are that are known to give whole services away; of other ARNs nobody can say. */
export function mightOfManaged(arn: string, tables: IamTables): Might {
  const known = awsManaged(arn);
  // By its words, which are remembered: AWS's own are attached all day.
  return known === undefined ? "unknown" : mightOf(JSON.stringify(known.text), tables);
}
