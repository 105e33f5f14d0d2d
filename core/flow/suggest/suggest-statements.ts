import type { ActionTable } from "../../iam/action-table.ts";
import { generalise } from "./suggest-resource.ts";
import { type ActionUse, type Span, together, type Use } from "./suggest-use.ts";

/** One statement of a draft, and what it is drawn from. */
export interface SuggestedStatement extends Span {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** What a reader should know: that the records name no resource, or more than are listed. */
  readonly because?: string;
}

/** Actions that share their resources stand in one statement; sorted by service and action. */
export function statementsOf({ actions }: Use, table: ActionTable): readonly SuggestedStatement[] {
  const groups = Map.groupBy(
    [...actions].map(([action, use]) => ({ action, use, reach: reachOf(action, use, table) })),
    ({ action, reach }) => JSON.stringify([serviceOf(action), reach.resources, reach.because]),
  );
  return [...groups.values()]
    .map((members): SuggestedStatement => {
      const [{ reach } = { reach: { resources: ["*"] } }] = members;
      return { ...together(members.map(({ use }) => use)), ...reach, actions: members.map((one) => one.action).sort() };
    })
    .sort((a, b) => compare(a.actions[0] ?? "", b.actions[0] ?? ""));
}

type Reach = Pick<SuggestedStatement, "resources" | "because">;

/** A statement with more resources than this is no longer read by anybody. */
export const mostResources = 200;

/** What hands out rights is never widened by the rule of three: each role, user and policy is named. */
const listed: ReadonlySet<string> = new Set(["iam", "sts", "organizations", "sso", "identitystore"]);

function reachOf(action: string, { resources, many, places }: ActionUse, table: ActionTable): Reach {
  const { patterns, odd } = generalise(resources, listed.has(serviceOf(action)) ? "listed" : "by-prefix");
  if (many || patterns.length > mostResources)
    return { resources: wholeOf(action, places, table), because: `more than ${mostResources} different resources` };
  if (patterns.length > 0)
    return odd === 0 ? { resources: patterns } : { resources: patterns, because: "without names that are no ARN" };
  return { resources: wholeOf(action, places, table), because: "the records do not say on what: narrow it" };
}

/** Everything of the kinds that the action can be asked about, in the accounts and Regions where it was. */
function wholeOf(action: string, places: ReadonlySet<string>, table: ActionTable): readonly string[] {
  const kinds = table.find(action)?.resources ?? [];
  const required = kinds.filter((one) => one.required);
  const wanted = [...new Set((required.length > 0 ? required : kinds).map(({ arn }) => arn))];
  const patterns = [...places].flatMap((place) => wanted.map((template) => within(template, place)));
  const unique = [...new Set(patterns)].sort();
  return unique.length === 0 || unique.length > mostWhole || unique.includes(undefined)
    ? ["*"]
    : unique.filter((one) => one !== undefined);
}

/** More kinds, accounts and Regions than this say no more than `*`. */
const mostWhole = 12;

/** `arn:${Partition}:dynamodb:${Region}:${Account}:table/${TableName}` of one place, up to the name. */
function within(template: string, place: string): string | undefined {
  const [partition = "", region = "", account = ""] = place.split(":");
  const fields = { "${Partition}": partition, "${Region}": region, "${Account}": account };
  let filled = template;
  for (const [name, value] of Object.entries(fields)) {
    if (filled.includes(name) && !/^[a-z0-9-]+$/.test(value)) return undefined;
    filled = filled.replace(name, () => value);
  }
  const gap = filled.indexOf("${");
  const cut = gap < 0 ? filled : `${filled.slice(0, gap)}*`;
  return cut.split(":").length < 6 || /\s/.test(cut) ? undefined : cut;
}

export const serviceOf = (action: string): string => action.slice(0, action.indexOf(":"));

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
