import type { ActionTable } from "../action-table.ts";
import { escalates, type OpenPath } from "../reach/escalates.ts";
import type { EscalationPath } from "../reach/escalation-path.ts";
import type { ReachStatement } from "../reach/reach.ts";

/** Both sides of a change, and the actions that it adds. */
export interface Change {
  readonly old: readonly ReachStatement[];
  readonly now: readonly ReachStatement[];
  /** `service:Action` of whatever is newly allowed, somewhere, in some circumstances. */
  readonly gained: readonly string[];
}

/**
 * The escalation paths that a change opens, in the catalogue's order. A path opens only where one of its actions is gained,
 * so the others are not looked at; those with actions that the table does not list always are.
 */
export function newlyOpen(
  { old, now, gained }: Change,
  { paths, table }: { readonly paths: readonly EscalationPath[]; readonly table: ActionTable },
): readonly OpenPath[] {
  if (gained.length === 0) return [];
  const names = new Set(gained.map((one) => one.toLowerCase()));
  const affected = paths.filter(({ actions }) =>
    actions.some((one) => names.has(one.toLowerCase()) || table.find(one) === undefined),
  );
  const open = escalates(now, { paths: affected, table });
  if (open.length === 0) return [];
  const before = escalates(old, { paths: open.map(({ path }) => path), table });
  return open.filter(({ path }) => !before.some((one) => one.path.id === path.id));
}
