import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { severities } from "../../core/detect/finding.ts";
import { acts, incident, ndjson } from "../fixtures/incident.ts";
import { fromLambda, instanceEnvelope, serviceEvent, signIn } from "../fixtures/records.ts";
import { folderWith, type Line, ofType, project, replayed } from "./replay-stage.ts";

const sample = ["--workloads", join(project, "examples/workloads"), join(project, "examples/sample")];
const { lines } = await replayed("--attributions", ...sample);
const records = [
  ...incident({ hops: 2, acts, ordinary: 3 }),
  fromLambda(),
  serviceEvent(),
  signIn("Success"),
  instanceEnvelope(),
];
const made = folderWith({ a: `${ndjson(records)}broken\n` });
const { lines: mixed } = await replayed("--attributions", made);
const all = [...lines, ...mixed];

const text = expect.stringMatching(/./);
const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
const hex = expect.stringMatching(/^[0-9a-f]{32}$/);
const whole = expect.toSatisfy((value) => Number.isInteger(value) && value >= 0);
const oneOf = (...words: readonly string[]) => expect.toSatisfy((value) => words.includes(value), `one of ${words}`);
const listOf = (matcher: unknown) =>
  expect.toSatisfy((value) => Array.isArray(value) && value.every((one) => fits(one, matcher)), "a list");
const severity = oneOf(...severities);
const confidence = oneOf("low", "medium", "high");

function fits(value: unknown, matcher: unknown): boolean {
  try {
    expect(value).toEqual(matcher);
    return true;
  } catch {
    return false;
  }
}

/** Every required field as said, every optional one as said where it stands, and nothing else. */
function shaped(
  line: object,
  required: Readonly<Record<string, unknown>>,
  optional: Readonly<Record<string, unknown>> = {},
): void {
  const standing = Object.entries(optional).filter(([name]) => name in line);
  expect(line).toEqual({ ...required, ...Object.fromEntries(standing) });
}

const part = (line: Line, name: string): object => Object(line[name]);
const lists = (line: Line, name: string): readonly object[] => [line[name]].flat().map(Object);
const root = (line: object) =>
  shaped(line, { kind: oneOf("workload", "person", "service", "external", "unknown") }, { id: text });

describe("each line has the fields of the contract and no others", () => {
  it("attribution", () => {
    const found = ofType(all, "attribution");
    expect(found.length).toBeGreaterThan(3_000);
    for (const line of found) {
      shaped(
        line,
        {
          type: "attribution",
          eventID: text,
          at: time,
          api: expect.stringMatching(/^[^:]+:./),
          attribution: expect.any(Object),
        },
        { account: expect.stringMatching(/^\d{12}$/), region: text, principal: expect.any(Object) },
      );
      if (line["principal"] !== undefined)
        shaped(part(line, "principal"), { kind: text }, { arn: text, id: text, accessKeyId: text });
      const { root: far, hops, ...attribution } = Object(line["attribution"]);
      root(far);
      expect(["workload", "person", "service", "external", "contested", "unattributed"]).toContain(attribution.kind);
      if (attribution.kind === "unattributed")
        shaped(attribution, { kind: text, confidence: "low", because: text }, { id: text });
      else
        shaped(attribution, {
          kind: text,
          id: text,
          declared: expect.any(Boolean),
          class: oneOf("asserted", "linked", "indexed", "inferred"),
          confidence,
          because: text,
        });
      if (hops.length === 0) expect(line["principal"]).toBeUndefined();
      for (const [place, hop] of hops.entries()) {
        const who = { principal: text, accessKeyId: hop.accessKeyId === null ? null : text };
        if (place === hops.length - 1)
          shaped(hop, {
            ...who,
            eventID: null,
            end: oneOf("long-term-key", "service", "federation", "sign-in", "not-seen"),
          });
        else
          shaped(
            hop,
            { ...who, eventID: text, field: "responseElements.credentials.accessKeyId" },
            { sharedEventID: text },
          );
      }
    }
  });

  it("finding", () => {
    const found = ofType(all, "finding");
    expect(found.length).toBeGreaterThan(10);
    for (const line of found) {
      const words = { type: "finding", id: hex, detector: text, version: text, title: text, caseId: hex, at: time };
      const families = [
        "privilege-drift",
        "secret-sprawl",
        "gpu-scaling",
        "ai-abuse",
        "tampering",
        "identity",
        "exposure",
        "external",
        "custom",
      ];
      shaped(
        line,
        {
          ...words,
          maturity: oneOf("sandbox", "incubating", "stable", "deprecated"),
          family: oneOf(...families),
          severity,
          confidence,
          outcome: oneOf("done", "failed", "denied", "unknown"),
          root: expect.any(Object),
          eventIDs: listOf(text),
          count: whole,
          evidence: listOf(expect.any(Object)),
          attack: listOf(expect.stringMatching(/^T\d{4}/)),
          controls: expect.any(Object),
        },
        {
          account: expect.stringMatching(/^\d{12}$/),
          region: text,
          principal: text,
          resource: text,
          workload: text,
          client: text,
        },
      );
      root(part(line, "root"));
      expect(lists(line, "eventIDs").length).toBeGreaterThan(0);
      for (const value of Object.values(part(line, "controls"))) expect(value).toEqual(listOf(text));
      for (const one of lists(line, "evidence"))
        switch (String(Object(one).kind)) {
          case "field":
            shaped(one, { kind: "field", eventID: text, path: text, value: expect.any(String) });
            break;
          case "grant":
            shaped(one, { kind: "grant", action: text, resource: text });
            break;
          case "count":
            shaped(one, { kind: "count", what: text, count: whole }, { limit: whole });
            break;
          case "fact":
            shaped(one, { kind: "fact", about: text, because: text });
            break;
          case "secret":
            shaped(one, { kind: "secret", where: text, fingerprint: text });
            break;
          default:
            shaped(one, { kind: "hop", principal: text, eventID: text });
        }
    }
  });

  it("decision", () => {
    const found = ofType(all, "decision");
    expect(found).toHaveLength(ofType(all, "finding").length);
    for (const line of found) {
      shaped(line, {
        type: "decision",
        id: hex,
        findingId: hex,
        caseId: hex,
        mode: "observe",
        kind: oneOf("dismiss", "observe"),
        would: oneOf("dismiss", "ticket", "approve", "contain"),
        actions: expect.any(Array),
        because: listOf(expect.objectContaining({ rule: text })),
      });
      for (const action of line["actions"] as readonly Line[])
        shaped(
          action,
          { kind: oneOf("contain-role", "contain-user", "deactivate-key"), target: text, tier: 1 },
          { grade: oneOf("deny-spend", "deny-secrets", "deny-escalation") },
        );
    }
  });

  it("case, parked and summary", () => {
    for (const line of ofType(all, "case")) {
      const times = { opened: time, updated: time };
      shaped(
        line,
        { type: "case", id: hex, root: expect.any(Object), severity, findingIds: listOf(hex), ...times },
        { continues: hex, capacity: expect.any(Object) },
      );
      root(part(line, "root"));
      if (line["capacity"] !== undefined)
        shaped(part(line, "capacity"), {
          from: time,
          until: time,
          prices: text,
          spentUsd: expect.any(Number),
          unpriced: whole,
          points: listOf([time, whole, expect.any(Number), expect.any(Number)]),
        });
    }
    expect(ofType(mixed, "parked")).toEqual([
      { type: "parked", source: `${join(made, "a")}:${records.length + 1}`, reason: "not valid JSON" },
    ]);
    const counts =
      "records duplicates conflicts ignored parked attributed contested unattributed undeclared findings cases";
    const counted = Object.fromEntries(counts.split(" ").map((name) => [name, whole]));
    for (const line of ofType(all, "summary"))
      shaped(line, { type: "summary", ...counted, seconds: expect.any(Number) });
  });

  it("leaves out what is absent: null stands in hops alone, and nothing is empty text", () => {
    const absent = (value: unknown, path: string): readonly string[] =>
      value === null || value === ""
        ? [path]
        : Object.entries(typeof value === "object" ? Object(value) : {}).flatMap(([name, inner]) =>
            absent(inner, Array.isArray(value) ? path : `${path}.${name}`),
          );
    const paths = new Set(all.flatMap((line) => absent(line, line.type)));
    expect([...paths].sort()).toEqual([
      "attribution.attribution.hops.accessKeyId",
      "attribution.attribution.hops.eventID",
    ]);
  });
});
