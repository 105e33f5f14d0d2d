import { excerpt } from "../../event/excerpt.ts";
import { type ActionSet, complement, emptySet, has, union } from "../../iam/action-set.ts";
import type { ActionTable } from "../../iam/action-table.ts";
import type { DifferenceRow } from "../../iam/compare/difference.ts";
import { mayOverlap, patternCovers } from "../../iam/compare/difference-body.ts";
import { globCovers } from "../../iam/glob-meet.ts";
import type { PolicyDocument, Scope } from "../../iam/policy.ts";

/** Something that a grant has to get through besides: a boundary, or one level of an organization's policies. */
export interface Limiting {
  /** As in "closed by …". */
  readonly name: string;
  readonly documents: readonly PolicyDocument[];
}

/** What closes a row: its name, and the statement where a Deny does it; nothing where it may come through. */
export type ClosedBy = (
  row: Pick<DifferenceRow, "action" | "resource">,
  limits: readonly Limiting[],
) => string | undefined;

/** Doubt counts as open: a condition may hold for an Allow and not for a Deny, and patterns that may meet do. */
export function closing(table: ActionTable): ClosedBy {
  const prepared = new WeakMap<PolicyDocument, readonly Ready[]>();
  const readyOf = (document: PolicyDocument): readonly Ready[] => {
    const known =
      prepared.get(document) ?? document.statements.map((one) => ({ ...one, places: placesOf(one.actions, table) }));
    prepared.set(document, known);
    return known;
  };
  return (row, limits) => {
    const place = table.find(row.action)?.place;
    for (const { name, documents } of limits) {
      const about = documents.flatMap(readyOf).filter((one) => covers(one, row.action, place));
      const deny = about.find((one) => one.effect === "Deny" && !one.conditional && shuts(one.resources, row.resource));
      if (deny !== undefined) return deny.sid === undefined ? name : `${name} (statement ${excerpt(deny.sid)})`;
      if (!about.some((one) => one.effect === "Allow" && meets(one.resources, row.resource))) return name;
    }
    return undefined;
  };
}

interface Ready {
  readonly sid?: string;
  readonly effect: "Allow" | "Deny";
  readonly actions: Scope;
  readonly resources: Scope;
  readonly conditional: boolean;
  readonly places: ActionSet;
}

function placesOf({ kind, patterns }: Scope, table: ActionTable): ActionSet {
  const listed = patterns.reduce((all, one) => union(all, table.expand(one)), emptySet(table.size));
  return kind === "only" ? listed : complement(listed, table.size);
}

const covers = ({ places, actions }: Ready, action: string, place: number | undefined): boolean =>
  place !== undefined
    ? has(places, place)
    : actions.patterns.some((one) => globCovers(one.toLowerCase(), action.toLowerCase())) === (actions.kind === "only");

/** Every resource of the pattern is among these. */
const shuts = ({ kind, patterns }: Scope, pattern: string): boolean =>
  kind === "only"
    ? patterns.some((one) => patternCovers(one, pattern))
    : patterns.every((one) => !mayOverlap(one, pattern));

/** Some resource of the pattern may be among these. */
const meets = ({ kind, patterns }: Scope, pattern: string): boolean =>
  kind === "only"
    ? patterns.some((one) => mayOverlap(one, pattern))
    : !patterns.some((one) => patternCovers(one, pattern));
