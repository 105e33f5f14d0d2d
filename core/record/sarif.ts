import { hash } from "node:crypto";
import { type Severity, severities } from "../detect/finding.ts";
import type { Json, JsonObject } from "../event/json.ts";
import type { Review, ReviewItem } from "./review.ts";

/** More are refused by code scanning services (GitHub: 25,000 results a run); the rest is said in the run's notifications. */
const mostResults = 20_000;

/** A review as SARIF 2.1.0 (OASIS, "Static Analysis Results Interchange Format"), one run. */
export function sarifOf({ items, summary, blind }: Review, version: string): JsonObject {
  const rules = [...Map.groupBy(items, ({ rule }) => rule)].sort(([a], [b]) => (a < b ? -1 : 1));
  const places = new Map(rules.map(([rule], at) => [rule, at]));
  const left = items.length - mostResults;
  const notes = [...summary, ...blind, ...(left > 0 ? [`${left} further results are left out`] : [])];
  return {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "cordon",
            semanticVersion: version,
            rules: rules.map(([rule, found]) => ruleOf(rule, found)),
          },
        },
        columnKind: "utf16CodeUnits",
        invocations: [
          {
            executionSuccessful: true,
            toolExecutionNotifications: notes.map((text) => ({ level: "note", message: { text } })),
          },
        ],
        results: items.slice(0, mostResults).map((item) => resultOf(item, places.get(item.rule) ?? 0)),
      },
    ],
  };
}

function ruleOf(rule: string, found: readonly ReviewItem[]): Json {
  const worst = severities.findLast((one) => found.some(({ severity }) => severity === one)) ?? "info";
  return {
    id: rule,
    shortDescription: { text: found[0]?.about ?? rule },
    defaultConfiguration: { level: levels[worst] },
    // The number by which GitHub's code scanning sorts security results.
    properties: { "security-severity": scores[worst], tags: ["security"] },
  };
}

const resultOf = (item: ReviewItem, ruleIndex: number): Json => ({
  ruleId: item.rule,
  ruleIndex,
  level: levels[item.severity],
  message: {
    text: [item.message, ...item.details.map((one) => `- ${one}`), ...(item.seen ? [item.seen] : [])].join("\n"),
  },
  locations: [
    {
      physicalLocation: {
        artifactLocation: { uri: uriOf(item.place.file) },
        region: { startLine: Math.max(1, item.place.line) },
      },
    },
  ],
  partialFingerprints: { "cordon/v1": fingerprintOf(item) },
  properties: { severity: item.severity, subject: item.subject },
});

const levels: Readonly<Record<Severity, string>> = {
  critical: "error",
  high: "error",
  medium: "warning",
  low: "note",
  info: "note",
};

const scores: Readonly<Record<Severity, string>> = {
  critical: "9.5",
  high: "8.0",
  medium: "5.5",
  low: "2.0",
  info: "0.0",
};

/** The same for the same thing in the next run, wherever in the file it then stands. */
const fingerprintOf = ({ rule, subject, message, place }: ReviewItem): string =>
  hash("sha256", JSON.stringify([rule, subject, message, place.file]), "hex").slice(0, 32);

/** A path as a URI reference: relative ones stay relative, so that a service finds the file in the repository. */
function uriOf(file: string): string {
  const path = file.replaceAll("\\", "/").replace(/^(?:\.\/)+/, "");
  const encoded = path.toWellFormed().split("/").map(encodeURIComponent).join("/");
  return path.startsWith("/") ? `file://${encoded}` : encoded;
}
