import type { WorkloadClass } from "../../identity/workload.ts";
import { type Noted, type NotedEntry, noted, noteLine } from "./noted.ts";
import { type EnvelopeParts, envelopeParts } from "./suggest-envelope.ts";
import type { Suggested } from "./suggest-identity.ts";
import type { Sourced } from "./suggest-owner.ts";
import type { SuggestedStatement } from "./suggest-statements.ts";
import type { Unused } from "./suggest-unused.ts";
import { counted, mostOf, printed, seenText } from "./suggest-words.ts";

/** Everything that a draft says. */
export interface DraftParts extends EnvelopeParts {
  readonly name: string;
  readonly who: Suggested;
  readonly owner: Sourced;
  readonly environment?: Sourced;
  readonly guessed?: { readonly class: WorkloadClass; readonly because: string };
  readonly statements: readonly SuggestedStatement[];
  readonly history: History;
  readonly identities: number;
  readonly unused?: Unused;
  /** Known ways to more rights that the draft itself opens. */
  readonly opens: readonly string[];
}

/** What was read. Seconds. */
export interface History {
  readonly first: number;
  readonly last: number;
}

const daySeconds = 86_400;

/** Whole days begun, at least one. Of an identity they begin with its first call: before that it may not have been there. */
export const daysOf = ({ first, last }: History): number => Math.max(1, Math.ceil((last - first) / daySeconds));

/** The manifest as a document, with what it is drawn from as comments. */
export function draftOf(parts: DraftParts): Noted {
  const { who, name, owner, environment, guessed, statements } = parts;
  const metadata: readonly NotedEntry[] = [
    { key: "name", value: noted(name) },
    { key: "owner", notes: sourceNotes(owner), value: noted(owner.value) },
    ...(environment === undefined
      ? []
      : [{ key: "environment", notes: sourceNotes(environment), value: noted(environment.value) }]),
    {
      key: "status",
      notes: ["a draft identifies nobody, pages nobody and contains nothing; remove this line when it is right"],
      value: noted("draft"),
    },
  ];
  const envelope: readonly NotedEntry[] = [
    { key: "statements", value: { kind: "list", items: statements.map(statementItem) } },
    ...envelopeParts(parts),
  ];
  const spec: readonly NotedEntry[] = [
    ...(guessed === undefined ? [] : [{ key: "class", notes: [guessed.because], value: noted(guessed.class) }]),
    { key: "identifiedBy", notes: [identifiedBecause(who)], value: noted(selectorsOf(who)) },
    { key: "envelope", value: { kind: "mapping", entries: envelope } },
  ];
  return safe({
    kind: "mapping",
    entries: [
      { key: "apiVersion", notes: headOf(parts), value: noted("cordon/v1") },
      { key: "kind", value: noted("Workload") },
      { key: "metadata", value: { kind: "mapping", entries: metadata } },
      {
        key: "spec",
        ...(guessed === undefined ? { notes: [noClass] } : {}),
        value: { kind: "mapping", entries: spec },
      },
    ],
  });
}

const noClass =
  "class: not guessed; one of agent, model-serving, training, vector-store, orchestration, deployment, pipeline";

const statementItem = ({ actions, resources, because, ...span }: SuggestedStatement) => ({
  notes: [`${seenText(span)}${because === undefined ? "" : `; ${because}`}`],
  value: noted({ Effect: "Allow", Action: [...actions], Resource: [...resources] }),
});

const identifiedBecause = (who: Suggested): string =>
  who.kind === "declared" ? `as ${who.workload.where} says` : who.because;

const selectorsOf = (who: Suggested) =>
  (who.kind === "declared" ? who.workload.selectors : [who.selector]).map(({ kind, value }) => ({ [kind]: value }));

const sourceNotes = ({ source, others }: Sourced): readonly string[] => [
  source,
  ...others.map((one) => `elsewhere: ${one}`),
];

/** What comes less often than the history is long is not in it. */
function misses(days: number): string {
  if (days < 14) return "will miss weekly jobs";
  if (days < 62) return "will miss monthly jobs";
  return days < 190 ? "will miss quarterly jobs" : "may miss yearly jobs";
}

/** The first line of every draft. */
export const thinHistory = (days: number): string => `DRAFT from ${counted(days, "day")} of history: ${misses(days)}`;

function headOf({ history, use, identities, unused, opens, who }: DraftParts): readonly string[] {
  const calls = (spans: ReadonlyMap<string, { readonly calls: number }>) =>
    mostOf(
      [...spans].map(([name, { calls: count }]) => [name, count] as const),
      5,
    );
  return [
    thinHistory(daysOf({ first: use.first, last: history.last })),
    `Suggested from records of ${printed(history.first)} to ${printed(history.last)}: ${counted(use.calls, "call")} by ${counted(identities, "principal")}, active on ${counted(use.days.size, "day")}.`,
    "Read it before use: what an attacker did in that time would be in it too.",
    ...(who.kind === "declared" ? [`To be compared with ${who.workload.where}, which stays in force.`] : []),
    ...(use.denied.size === 0 ? [] : [`Refused and left out: ${calls(use.denied)}.`]),
    ...(use.unknown.size === 0 ? [] : [`Not covered, for no IAM action is known: ${calls(use.unknown)}.`]),
    ...(opens.length === 0 ? [] : [`This draft opens ways to more rights: ${listed(opens)}.`]),
    ...unusedNotes(unused),
  ];
}

function unusedNotes(unused: Unused | undefined): readonly string[] {
  if (unused === undefined) return [];
  const { granted, actions, services, paths, administrator, missing } = unused;
  return [
    `Granted today: ${administrator ? "everything on everything" : counted(granted, "action")}; not used: ${actions.toLocaleString("en-US")}${actions === 0 ? "" : ` (${mostOf(services, 8)})`}.`,
    ...(paths.length === 0 ? [] : [`Ways to more rights that this draft closes: ${listed(paths)}.`]),
    ...(missing.length === 0 ? [] : [`More may be granted by policies whose text is not known: ${listed(missing)}.`]),
  ];
}

const mostNames = 6;

const listed = (names: readonly string[]): string =>
  `${names.slice(0, mostNames).join(", ")}${names.length > mostNames ? ` and ${names.length - mostNames} more` : ""}`;

/** Comments hold names that somebody else chose: every line is made safe here, once. */
function safe(value: Noted): Noted {
  switch (value.kind) {
    case "value":
      return value;
    case "list":
      return { kind: "list", items: value.items.map(safeItem) };
    case "mapping":
      return { kind: "mapping", entries: value.entries.map((one) => ({ key: one.key, ...safeItem(one) })) };
  }
}

const safeItem = ({ notes, value }: { readonly notes?: readonly string[]; readonly value: Noted }) => ({
  ...(notes === undefined ? {} : { notes: notes.map(noteLine) }),
  value: safe(value),
});
