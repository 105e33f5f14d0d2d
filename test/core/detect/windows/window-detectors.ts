import { defineWindowDetector, type WindowDetector } from "../../../../core/detect/windows/windowed.ts";

/** A detector that fires from so many members on, for tests; it marks each caller's calls by their names. */
export const countingFrom = (many: number, size: number, id = "counting"): WindowDetector =>
  defineWindowDetector({
    id,
    version: "1",
    title: "Several things were done",
    family: "custom",
    maturity: "sandbox",
    needsDeclarations: false,
    attack: ["T1078"],
    controls: {},
    watches: [{ kind: "calls", apis: ["cloudtrail:StopLogging"] }],
    falsePositives: ["a test"],
    triage: ["look"],
    references: ["https://docs.aws.amazon.com/"],
    size,
    wants: () => [],
    marks: ({ event }) =>
      event.kind === "api-call" ? [{ subject: "everybody", member: String(event.request["name"]) }] : [],
    begins: () => true,
    judge: ({ marks }) =>
      marks.length < many
        ? undefined
        : {
            title: `${marks.length} things`,
            severity: "low",
            confidence: "high",
            evidence: [{ kind: "count", what: "things", count: marks.length }],
            marks,
          },
  });
