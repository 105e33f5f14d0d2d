import { differing } from "../iam/difference.ts";
import { escalates } from "../iam/escalates.ts";
import type { EscalationPath } from "../iam/escalation-path.ts";
import type { PolicyDocument } from "../iam/policy.ts";
import type { Statement } from "../iam/statement.ts";
import type { IamTables } from "../iam/tables.ts";
import { severities } from "./finding.ts";
import { reachOfDocuments } from "./grant-reach.ts";

/** The organization's policies over an account, a set for each level from the root down. */
export type ControlLevels = readonly (readonly PolicyDocument[])[];

/** What an account's service control policies let through now that they did not before. */
export type Loosening =
  | {
      readonly kind: "looser";
      /** Actions that some request may do again, whatever grants them. */
      readonly actions: readonly string[];
      /** Escalation paths that had been closed; gravest first. */
      readonly paths: readonly EscalationPath[];
    }
  | { readonly kind: "not-looser" };

export type MeasureLoosening = (before: ControlLevels, after: ControlLevels) => Loosening;

/**
 * Measures what two states of an account's service control policies differ in. Every level has to allow, so a path is open
 * where every level opens it; what the Denies of any level close is closed. The comparison is prepared at its first use.
 */
export function looseningMeasure({ table, paths }: IamTables): MeasureLoosening {
  let differ: ReturnType<typeof differing> | undefined;
  const openIn = (levels: ControlLevels, among: readonly EscalationPath[]): readonly EscalationPath[] =>
    levels.reduce<readonly EscalationPath[]>(
      (open, level) =>
        open.length === 0 ? open : escalates(reachOfDocuments(level), { paths: open, table }).map(({ path }) => path),
      among.filter((one) => one.class !== "aid"),
    );
  return (before, after) => {
    differ ??= differing(table, around);
    const { added } = differ([whatPasses(before)], [whatPasses(after)]);
    const actions = [...new Set(added.map(({ action }) => action))];
    const open = openIn(after, paths);
    const was = new Set(openIn(before, open).map(({ id }) => id));
    const reopened = open.filter(({ id }) => !was.has(id));
    return actions.length === 0 && reopened.length === 0
      ? { kind: "not-looser" }
      : { kind: "looser", actions, paths: gravestFirst(reopened) };
  };
}

const gravestFirst = (paths: readonly EscalationPath[]): readonly EscalationPath[] =>
  paths.toSorted((a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity));

/** Where made-up witnesses lie; they are looked at, never shown. */
const around = { partition: "aws", region: "anywhere", account: "111122223333" } as const;

const everything: Statement = {
  effect: "Allow",
  actions: { kind: "only", patterns: ["*"] },
  resources: { kind: "only", patterns: ["*"] },
  conditions: [],
  conditional: false,
};

/** As one policy: everything but what the levels deny. Lists of what is allowed are compared by their paths only. */
const whatPasses = (levels: ControlLevels): PolicyDocument => ({
  version: "2012-10-17",
  statements: [
    everything,
    ...levels.flatMap((level) =>
      level.flatMap(({ statements }) => statements.filter(({ effect }) => effect === "Deny")),
    ),
  ],
});
