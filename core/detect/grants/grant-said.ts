import type { EventId } from "../../event/event.ts";
import { excerpt } from "../../event/excerpt.ts";
import type { DifferenceRow } from "../../iam/compare/difference.ts";
import type { OpenPath } from "../../iam/reach/escalates.ts";
import type { Evidence } from "../finding.ts";
import type { GrantGain } from "./grant-gain.ts";
import type { Gravity } from "./grant-gravity.ts";
import type { Party } from "./grant-write.ts";

/** A gain as the end of "… may now" and of "let somebody …". */
export function gainSaid({ everything, paths, rows, gravity }: GrantGain): string {
  if (everything) return "do everything";
  const [path] = paths;
  if (path !== undefined) return pathSaid(path);
  return gravity === undefined ? "do nothing more" : `${bySort[gravity]} (${actionsSaid(rows)})`;
}

const bySort: Readonly<Record<Gravity, string>> = {
  credential: "read or make credentials",
  data: "read or write data",
  change: "change more",
  look: "look at more",
};

function pathSaid({ path }: OpenPath): string {
  if (path.passed !== undefined && path.actions.includes("iam:PassRole"))
    return `pass a role to ${path.id.split(":", 1)[0]} (${path.id})`;
  return `${byKind[path.kind]} (${path.id})`;
}

const byKind: Readonly<Record<OpenPath["path"]["kind"], string>> = {
  self: "give itself more rights",
  principal: "become somebody else",
  "new-passrole": "run code as another role",
  "existing-role": "run code as another role",
  "guard-rail": "take limits away",
  federation: "let outsiders in",
  persistence: "make identities of its own",
};

function actionsSaid(rows: readonly DifferenceRow[]): string {
  const names = [...new Set(rows.map(({ action }) => action))];
  const shown = names.slice(0, mostSaid).join(", ");
  return names.length > mostSaid ? `${shown} and ${names.length - mostSaid} more` : shown;
}

const mostSaid = 2;

/** A party in a title: the workload's name where it is one, else what it is and its name, where IAM allows such a name. */
export function partySaid(party: Party | undefined, workload: string | undefined): string {
  if (workload !== undefined) return workload;
  if (party === undefined) return "whoever has the policy";
  if (party.kind === "permission-set") return "a permission set";
  return party.arn === undefined ? `a ${party.kind}` : `${party.kind} ${party.name}`;
}

/** Rows that a finding shows; the rest is counted. */
const mostRows = 12;

/** What a gain rests on: grants, gravest first, the paths by id, and what closes or clouds it. */
export function gainEvidence(gain: GrantGain, doubts: readonly string[]): readonly Evidence[] {
  const rows = gain.everything ? [{ action: "*", resource: "*" }] : gain.rows;
  const shown = new Map<string, Pick<DifferenceRow, "action" | "resource">>();
  let further = 0;
  for (const { action, resource } of rows) {
    const key = `${action} ${resource}`;
    if (shown.size < mostRows) shown.set(key, { action, resource });
    else if (!shown.has(key)) further++;
  }
  return [
    ...[...shown.values()].map((one): Evidence => ({ kind: "grant", ...bounded(one) })),
    ...(further > 0 ? [counted("further grants", further)] : []),
    ...gain.paths.slice(0, mostRows).map(({ path }) => counted(`escalation path opened: ${path.id}`, 1)),
    ...(gain.paths.length > mostRows ? [counted("further escalation paths", gain.paths.length - mostRows)] : []),
    ...(gain.closed === undefined
      ? []
      : [counted(`grants that ${gain.closed.by} closes for now`, gain.closed.rows.length)]),
    ...doubts.map((doubt) => counted(`not known: ${doubt}`, 1)),
  ];
}

/** Foreign names are cut and masked as other foreign text is. */
const bounded = ({ action, resource }: { readonly action: string; readonly resource: string }) => ({
  action: String(excerpt(action)),
  resource: String(excerpt(resource)),
});

const counted = (what: string, count: number): Evidence => ({ kind: "count", what, count });

/** A field of the record as evidence. */
export const fieldOf = (eventID: EventId, path: string, value: unknown): Evidence => ({
  kind: "field",
  eventID,
  path,
  value: excerpt(value),
});
