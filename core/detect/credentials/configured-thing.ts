import { configurationCallOf } from "../../event/configuration-calls.ts";
import type { ApiCall } from "../../event/event.ts";
import { at, fields, list, text } from "../../event/json.ts";
import { namedArn, namesOf } from "../facts/named-resource.ts";

/** What is configured: its ARN, or the best that can be said where a call names none. */
export interface ConfiguredThing {
  readonly arn: string;
  /** For titles, as in the middle of a sentence. */
  readonly what: string;
}

/** The things whose configuration a call writes; those that it made are named by its answer. */
export function configuredThings(call: ApiCall): readonly ConfiguredThing[] {
  const row = configurationCallOf(call.api);
  if (row === undefined) return [];
  const asked = namesOf(call, row.named).map(([, name]) => name);
  const made = call.api === "ec2:RunInstances" ? instancesIn(call) : serviceIn(call);
  const names = made.length > 0 ? made : asked.slice(0, 1);
  const arns = names.flatMap((name) => namedArn(call, row.as, name) ?? []);
  const all = arns.length > 0 ? arns : [`${row.what} of account ${call.account ?? "unknown"}`];
  return all.map((arn) => ({ arn, what: row.what }));
}

const instancesIn = ({ response }: ApiCall): readonly string[] =>
  list(at(response, "instancesSet", "items")).map((one) => text(fields(one)["instanceId"]));

/** App Runner puts an id behind the name: only the answer has the whole of it. */
const serviceIn = ({ response }: ApiCall): readonly string[] =>
  [text(at(response, "service", "serviceArn"))].filter((one) => one !== "");
