import { type DifferenceRow, gaining } from "../../iam/compare/difference.ts";
import { newlyOpen } from "../../iam/compare/newly-open.ts";
import type { Surroundings } from "../../iam/compare/witness-resource.ts";
import { grantsEverything, type PolicyDocument } from "../../iam/policy.ts";
import { escalates, type OpenPath } from "../../iam/reach/escalates.ts";
import type { IamTables } from "../../iam/tables.ts";
import type { GrantChange } from "./grant-change.ts";
import type { DeclaredGrants } from "./grant-envelope.ts";
import { type Gravity, gravities, gravityOf } from "./grant-gravity.ts";
import { closing, type Limiting } from "./grant-limits.ts";
import { reachOfDocuments } from "./grant-reach.ts";

/** What a change newly allows, after what limits it and, where there is one, outside the envelope. */
export interface GrantGain {
  /** Everything on everything; then rows and paths are not spelled out. */
  readonly everything: boolean;
  /** Escalation paths that were not open before; gravest first. */
  readonly paths: readonly OpenPath[];
  /** Gravest first: what the paths need, then by gravity. */
  readonly rows: readonly DifferenceRow[];
  /** Of the gravest row. */
  readonly gravity: Gravity | undefined;
  /** What gives nothing for now, and what closes it. */
  readonly closed: { readonly by: string; readonly rows: readonly DifferenceRow[] } | undefined;
}

export interface GrantLimits {
  readonly declared?: DeclaredGrants | undefined;
  /** Service control policies, a set for each level from the root down. */
  readonly controls?: readonly (readonly PolicyDocument[])[] | undefined;
}

export type MeasureGain = (change: GrantChange, limits: GrantLimits) => GrantGain;

/** Where made-up witnesses lie; they are looked at, never shown. */
const around: Surroundings = { partition: "aws", region: "anywhere", account: "111122223333" };

/** Measures gains; the comparison is prepared at its first use. */
export function gainMeasure(tables: IamTables): MeasureGain {
  const closedBy = closing(tables.table);
  const gravityFor = remembering((action) => gravityOf(action, tables.table));
  let gains: ReturnType<typeof gaining> | undefined;
  const added: Added = (old, now) => {
    // Less of the same grants nothing, unless a Deny is what went.
    if (now.every((one) => old.includes(one)) && !old.some((one) => !now.includes(one) && denies(one))) return [];
    gains ??= gaining(tables.table, around);
    return gains(old, now);
  };
  return (change, { declared, controls }) => {
    const { old, now } = change;
    const limiting = limitsOn(change, controls);
    const allowed = declared?.allows ?? [];
    if (newlyEverything(change, allowed)) return { ...nothing, everything: true };
    const own: Limiting = { name: "its own policies", documents: now };
    const wide = distinct([
      added([...old, ...allowed], now),
      declared?.narrows === true ? added(old, now).filter((row) => declared.shuts(row)) : [],
      widened(change, added).filter((row) => closedBy(row, [own]) === undefined),
    ]);
    const open: DifferenceRow[] = [];
    const shut: DifferenceRow[] = [];
    let by: string | undefined;
    for (const row of wide) {
      const closer = closedBy(row, limiting);
      by ??= closer;
      (closer === undefined ? open : shut).push(row);
    }
    const byPolicies = pathsOpened({ old: [...old, ...allowed], now, rows: open, limiting }, tables);
    const { limits } = change;
    const byBoundary =
      limits.old === undefined || limits.now === undefined || limits.old === limits.now
        ? []
        : pathsOpened(
            { old: [limits.old, ...allowed], now: [limits.now], rows: open, limiting: [...limiting, own] },
            tables,
          );
    const paths = [...byPolicies, ...byBoundary];
    const rows = ranked(open, paths, gravityFor);
    const [first] = rows;
    return {
      everything: false,
      paths,
      rows,
      gravity: first === undefined ? undefined : gravest(rows, gravityFor),
      closed: by === undefined ? undefined : { by, rows: ranked(shut, [], gravityFor) },
    };
  };
}

type Added = (old: readonly PolicyDocument[], now: readonly PolicyDocument[]) => readonly DifferenceRow[];

const denies = ({ statements }: PolicyDocument): boolean => statements.some(({ effect }) => effect === "Deny");

/** One answer for each action; there are as many as the table has, and a few that policies make up. */
function remembering(answer: (action: string) => Gravity): (action: string) => Gravity {
  const known = new Map<string, Gravity>();
  return (action) => {
    const found = known.get(action) ?? answer(action);
    if (known.size < mostRemembered) known.set(action, found);
    return found;
  };
}

const mostRemembered = 65_536;

const nothing = { paths: [], rows: [], gravity: undefined, closed: undefined } as const;

function newlyEverything({ old, now, limits }: GrantChange, allowed: readonly PolicyDocument[]): boolean {
  const all = (documents: readonly PolicyDocument[]): boolean => grantsEverything(together(documents));
  if (!all(now) || all(allowed) || (limits.now !== undefined && !grantsEverything(limits.now))) return false;
  return !all(old) || (limits.old !== undefined && !grantsEverything(limits.old));
}

const together = (documents: readonly PolicyDocument[]): PolicyDocument => ({
  version: "2012-10-17",
  statements: documents.flatMap(({ statements }) => statements),
});

function limitsOn({ limits }: GrantChange, controls: GrantLimits["controls"]): readonly Limiting[] {
  return [
    ...(limits.now === undefined ? [] : [{ name: "its permissions boundary", documents: [limits.now] }]),
    ...(controls ?? []).map((documents, level) => ({
      name: `a service control policy at level ${level + 1} from the root`,
      documents,
    })),
  ];
}

/** What a boundary lets through that it did not: its text changed, not what it bounds. */
const widened = ({ limits }: GrantChange, added: Added): readonly DifferenceRow[] =>
  limits.old === undefined || limits.now === undefined || limits.old === limits.now
    ? []
    : added([limits.old], [limits.now]);

/** The first list as it is, and what the others add to it. */
function distinct([first = [], ...others]: readonly (readonly DifferenceRow[])[]): readonly DifferenceRow[] {
  const more = others.flat();
  if (more.length === 0) return first;
  const keyOf = ({ action, resource, condition }: DifferenceRow): string =>
    JSON.stringify([action, resource, condition]);
  return [...new Map([...first, ...more].map((row) => [keyOf(row), row])).values()];
}

interface Opening {
  readonly old: readonly PolicyDocument[];
  readonly now: readonly PolicyDocument[];
  readonly rows: readonly DifferenceRow[];
  readonly limiting: readonly Limiting[];
}

function pathsOpened({ old, now, rows, limiting }: Opening, { paths, table }: IamTables): readonly OpenPath[] {
  const gained = [...new Set(rows.map(({ action }) => action))];
  let open = newlyOpen({ old: reachOfDocuments(old), now: reachOfDocuments(now), gained }, { paths, table });
  for (const { documents } of limiting) {
    if (open.length === 0) return open;
    const among = open.map(({ path }) => path);
    const through = new Set(escalates(reachOfDocuments(documents), { paths: among, table }).map(({ path }) => path));
    open = open.filter(({ path }) => through.has(path));
  }
  return open.toSorted((a, b) => severities.indexOf(a.path.severity) - severities.indexOf(b.path.severity));
}

const severities = ["critical", "high", "medium", "low"] as const;

function ranked(
  rows: readonly DifferenceRow[],
  paths: readonly OpenPath[],
  gravityFor: (action: string) => Gravity,
): readonly DifferenceRow[] {
  const needed = new Set(paths.flatMap(({ path }) => path.actions.map((one) => one.toLowerCase())));
  const rank = ({ action }: DifferenceRow): number =>
    needed.has(action.toLowerCase()) ? -1 : gravities.indexOf(gravityFor(action));
  return rows
    .map((row) => ({ row, rank: rank(row) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ row }) => row);
}

function gravest(rows: readonly DifferenceRow[], gravityFor: (action: string) => Gravity): Gravity {
  const found = new Set(rows.map(({ action }) => gravityFor(action)));
  return gravities.find((one) => found.has(one)) ?? "look";
}
