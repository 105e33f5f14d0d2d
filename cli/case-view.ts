import Table from "cli-table3";
import { severities } from "../core/detect/finding.ts";
import { printInstant } from "../core/event/instant.ts";
import { fields, type Json, type JsonObject, list, text } from "../core/event/json.ts";
import type { LedgerEntry } from "../core/record/ledger.ts";
import { capacityOf, capacityRows } from "./capacity-picture.ts";
import { visible } from "./terminal.ts";

/** One case with everything that is known about it, as the lines have it. */
export interface CaseFile {
  readonly one: JsonObject;
  readonly findings: readonly JsonObject[];
  readonly decisions: readonly JsonObject[];
  readonly entries: readonly LedgerEntry[];
  /** The cases that took its findings, when it is superseded. */
  readonly mergedInto: readonly string[];
}

/** The cases as a table, the most severe first, then the newest. Every foreign text is made visible. */
export function caseTable(
  cases: readonly JsonObject[],
  columns: number,
  mergedInto: (caseId: string) => readonly string[] = () => [],
): readonly string[] {
  const head = ["CASE", "SEVERITY", "OPENED", "UPDATED", "FINDINGS", "WHO"];
  const room = Math.max(20, columns - 12 - 8 - 20 - 20 - 8 - 2 * head.length);
  const table = new Table({
    head,
    chars: bare,
    style: { head: [], border: [], "padding-left": 0, "padding-right": 2 },
  });
  const sorted = cases.toSorted((a, b) => rank(b) - rank(a) || (text(a["updated"]) < text(b["updated"]) ? 1 : -1));
  for (const one of sorted) {
    const merged = mergedInto(text(one["id"]));
    table.push([
      shortId(one["id"]),
      seen(one["severity"]),
      seen(one["opened"]),
      seen(one["updated"]),
      merged.length > 0 ? "0" : String(list(one["findingIds"]).length),
      shortened(merged.length > 0 ? `merged into ${merged.map(shortId).join(", ")}` : who(one), room),
    ]);
  }
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd());
}

/** One case for a person: who, what, what was decided and why, and where the ledger has it. */
export function caseText({ one, findings, decisions, entries, mergedInto }: CaseFile): readonly string[] {
  const decided = Map.groupBy(decisions, (decision) => text(decision["findingId"]));
  return [
    `${seen(one["severity"]).toUpperCase()}  case ${seen(one["id"])}`,
    ...rows("", [
      ["WHO", who(one)],
      ["OPENED", seen(one["opened"])],
      ["UPDATED", seen(one["updated"])],
      ["CONTINUES", seen(one["continues"])],
      ["SUPERSEDES", list(one["supersedes"]).map(seen).join(", ")],
      ["MERGED", mergedInto.length === 0 ? "" : `into ${mergedInto.map(seen).join(", ")}`],
      ...capacityRows(capacityOf(one)),
    ]),
    "",
    `FINDINGS  ${findings.length}`,
    ...findings.flatMap((finding) => [
      ...findingText(finding),
      ...(decided.get(text(finding["id"])) ?? []).flatMap(decisionText),
    ]),
    ...(entries.length === 0 ? [] : ["", `LEDGER  ${entries.length} entries`, ...entries.map(entryLine)]),
  ];
}

const shortId = (id: Json | undefined): string => seen(id).slice(0, 12);

function findingText(finding: JsonObject): readonly string[] {
  return [
    "",
    `  ${seen(finding["at"])}  ${seen(finding["severity"])}  ${seen(finding["title"])}`,
    ...rows("    ", [
      ["detector", `${seen(finding["detector"])} ${seen(finding["version"])} (${seen(finding["family"])})`],
      [
        "outcome",
        `${seen(finding["outcome"])}, confidence ${seen(finding["confidence"])}, seen ${seen(finding["count"])}x`,
      ],
      ["principal", seen(finding["principal"])],
      ["client", finding["client"] === undefined ? "" : `${seen(finding["client"])}, says the caller`],
      ...askedRows(finding),
      ["resource", seen(finding["resource"])],
      ["workload", seen(finding["workload"])],
      ["where", [finding["account"], finding["region"]].map(seen).filter(Boolean).join(" ")],
      ["events", list(finding["eventIDs"]).map(seen).join(", ")],
      ...list(finding["evidence"]).map((item): Pair => ["evidence", pairs(fields(item))]),
    ]),
  ];
}

/** Who had the agent act, level by level: said beside the credential it acted with, which alone can be contained. */
function askedRows(finding: JsonObject): readonly Pair[] {
  const askers = list(finding["askedBy"]).map((one) => fields(one));
  if (askers.length === 0) return [];
  return [
    ["acted with", `${seen(finding["principal"])}, a credential of its own`],
    ...askers.flatMap((one) => askerRows(one, 0)),
  ];
}

function askerRows(asker: JsonObject, level: number): readonly Pair[] {
  const session = seen(asker["sessionId"]);
  const how = [seen(asker["class"]), seen(asker["eventID"]), session && `session ${session}`]
    .filter(Boolean)
    .join(", ");
  return [
    ["asked by", `${"  ".repeat(level)}${seen(asker["id"])} (${how})`],
    ...list(asker["askedBy"]).flatMap((one) => askerRows(fields(one), level + 1)),
  ];
}

function decisionText(decision: JsonObject): readonly string[] {
  const actions = list(decision["actions"]).map((action) => {
    const { kind, target, grade } = fields(action);
    return `${seen(kind)} ${seen(target)}${grade === undefined ? "" : `, ${seen(grade)}`}`;
  });
  return rows("    ", [
    [
      "decided",
      `${seen(decision["kind"])} (mode ${seen(decision["mode"])}); in contain mode: ${seen(decision["would"])}`,
    ],
    ...actions.map((action): Pair => ["action", action]),
    ...list(decision["because"]).map((reason): Pair => ["because", pairs(fields(reason))]),
  ]);
}

const entryLine = ({ chain, sequence, at, step, digest }: LedgerEntry): string =>
  `  ${visible(chain)} #${sequence}  ${printInstant(at)}  ${visible(step.kind)}  ${digest.slice(0, 16)}`;

type Pair = readonly [name: string, value: string];

const rows = (indent: string, pairs: readonly Pair[]): readonly string[] =>
  pairs.filter(([, value]) => value !== "").map(([name, value]) => `${indent}${name.padEnd(11)} ${value}`);

/** A flat object as `name value` pairs, its discriminator first. */
const pairs = (object: JsonObject): string =>
  Object.entries(object)
    .map(([name, value]) => (name === "kind" || name === "rule" ? seen(value) : `${visible(name)} ${seen(value)}`))
    .join(", ");

/** Any value as text that a terminal shows as it is. */
const seen = (value: Json | undefined): string =>
  value === undefined || value === null ? "" : visible(typeof value === "string" ? value : JSON.stringify(value));

function who(one: JsonObject): string {
  const root = fields(one["root"]);
  return `${seen(root["kind"])} ${seen(root["id"])}`.trim();
}

const ranks: readonly string[] = severities;
const rank = (one: JsonObject): number => ranks.indexOf(text(one["severity"]));

const shortened = (shown: string, room: number): string =>
  shown.length > room ? `${shown.slice(0, room - 1)}…` : shown;

const bare = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: "",
};
