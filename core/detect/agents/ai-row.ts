import type { ApiCall } from "../../event/event.ts";
import { excerpt } from "../../event/excerpt.ts";
import { isArn } from "../../iam/arn.ts";
import { namesOf } from "../facts/named-resource.ts";
import type { Severity } from "../finding.ts";
import { fieldOf, type Weakened } from "../guard-rails/guard-rail.ts";
import type { WatchRow } from "../watch/watch-row.ts";

/** A call that opens a model, takes a safeguard of models or agents away, or changes an agent, as data. */
export interface AiRow extends WatchRow {
  readonly severity: Severity;
  /** What no envelope excuses it below; absent is none. */
  readonly floor?: Severity;
}

/** What a row says of a call; nothing where its parameters say that nothing is wrong. */
export function saidByRow(call: ApiCall, row: AiRow): Weakened | undefined {
  const said = row.says?.(call);
  if (row.says !== undefined && said === undefined) return undefined;
  const [path, name] = namesOf(call, row.named)[0] ?? ["", ""];
  const shown = (text: string): string =>
    name === "" ? text.replace(/:? ?\{\}/, "") : text.replace("{}", String(excerpt(lastPart(name))));
  const resource = name === "" ? call.account : (resourceArn(call, row.as ?? "", name) ?? String(excerpt(name)));
  return {
    did: shown(said?.did ?? row.did),
    tried: shown(said?.tried ?? row.tried),
    severity: said?.severity ?? row.severity,
    ...(row.floor === undefined ? {} : { floor: row.floor }),
    confidence: "high",
    ...(resource === undefined ? {} : { resource }),
    evidence: [
      said === undefined ? fieldOf(call, "eventName", call.name) : fieldOf(call, said.path, said.value),
      ...(name === "" ? [] : [fieldOf(call, path, name)]),
    ],
  };
}

/** Ids of models have a colon in them: what stands behind the last slash is the name. */
const lastPart = (name: string): string => (isArn(name) ? name.slice(name.lastIndexOf("/") + 1) : name);

/**
 * The ARN of what a call names; `as` is the service, a colon, and what stands before the name. Foundation models belong to
 * no account. Nothing where the name is no name: a caller can put anything into a call that fails.
 */
export function resourceArn(call: ApiCall, as: string, name: string): string | undefined {
  if (isArn(name)) return name;
  if (as === "" || call.account === undefined || !/^[\w.:-]{1,256}$/.test(name)) return undefined;
  const colon = as.indexOf(":");
  const rest = as.slice(colon + 1);
  const account = rest === "foundation-model/" ? "" : call.account;
  return `arn:${call.partition}:${as.slice(0, colon)}:${call.region}:${account}:${rest}${name}`;
}
