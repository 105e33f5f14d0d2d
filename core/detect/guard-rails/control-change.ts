import { differing } from "../../iam/compare/difference.ts";
import { grantsEverything, type PolicyDocument } from "../../iam/policy.ts";
import { escalates } from "../../iam/reach/escalates.ts";
import type { EscalationPath } from "../../iam/reach/escalation-path.ts";
import type { Statement } from "../../iam/statement.ts";
import type { IamTables } from "../../iam/tables.ts";
import { severities } from "../finding.ts";
import { reachOfDocuments } from "../grants/grant-reach.ts";

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

/** Answers kept: moving a hundred accounts out of one unit is one comparison. */
const remembered = 256;

/**
 * Measures what two states of an account's service control policies differ in. Every level has to allow, so a path is open
 * where every level opens it; what the Denies of any level close is closed. The comparison is prepared at its first use, and
 * answers are remembered by the documents.
 */
export function looseningMeasure({ table, paths }: IamTables): MeasureLoosening {
  let differ: ReturnType<typeof differing> | undefined;
  const numbers = new WeakMap<PolicyDocument, number>();
  let next = 0;
  const numberOf = (document: PolicyDocument): number => {
    const number = numbers.get(document) ?? next++;
    numbers.set(document, number);
    return number;
  };
  const keyOf = (levels: ControlLevels): string =>
    levels.map((level) => level.map(numberOf).sort().join(",")).join("/");
  const answers = new Map<string, Loosening>();
  const openIn = (levels: ControlLevels, among: readonly EscalationPath[]): readonly EscalationPath[] =>
    levels.reduce<readonly EscalationPath[]>(
      (open, level) =>
        open.length === 0 || letsAllThrough(level)
          ? open
          : escalates(reachOfDocuments(level), { paths: open, table }).map(({ path }) => path),
      among,
    );
  const measured = (before: ControlLevels, after: ControlLevels): Loosening => {
    differ ??= differing(table, around);
    const { added } = differ([whatPasses(before)], [whatPasses(after)]);
    const actions = [...new Set(added.map(({ action }) => action))];
    const gained = new Set(actions.map((one) => one.toLowerCase()));
    const sameLists = listsOf(before) === listsOf(after);
    const among = paths.filter(
      (one) =>
        one.class !== "aid" &&
        // A path that needs nothing of what is no longer denied is as open as it was.
        (!sameLists ||
          one.actions.some((action) => gained.has(action.toLowerCase()) || table.find(action) === undefined)),
    );
    const open = openIn(after, among);
    const was = new Set(openIn(before, open).map(({ id }) => id));
    const reopened = open.filter(({ id }) => !was.has(id));
    return actions.length === 0 && reopened.length === 0
      ? { kind: "not-looser" }
      : { kind: "looser", actions, paths: gravestFirst(reopened) };
  };
  const listsOf = (levels: ControlLevels): string =>
    keyOf(levels.map((level) => level.filter(({ statements }) => statements.some(({ effect }) => effect === "Allow"))));
  return (before, after) => {
    const [from, to] = [keyOf(before), keyOf(after)];
    if (from === to) return { kind: "not-looser" };
    const key = `${from} ${to}`;
    const known = answers.get(key);
    if (known !== undefined) return known;
    if (answers.size >= remembered) answers.clear();
    const answer = measured(before, after);
    answers.set(key, answer);
    return answer;
  };
}

/** Nothing but what allows everything, as FullAWSAccess does. */
const letsAllThrough = (level: readonly PolicyDocument[]): boolean =>
  level.some(grantsEverything) && level.every(({ statements }) => statements.every(({ effect }) => effect === "Allow"));

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
