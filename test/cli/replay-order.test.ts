import { describe, expect, it } from "vitest";
import { acts, incident, ndjson, roleName } from "../fixtures/incident.ts";
import { fromLambda, sessionKey } from "../fixtures/records.ts";
import { folderWith, type Line, ofType, project, replayed } from "./replay-stage.ts";

const examples = `${project}/examples`;
const { lines } = await replayed("--attributions", "--workloads", `${examples}/workloads`, `${examples}/sample`);
const records = [...incident({ hops: 2, acts, ordinary: 3 }), fromLambda()];
const { lines: mixed } = await replayed("--attributions", folderWith({ a: `${ndjson(records)}broken\n` }));

const part = (line: Line, name: string): string => JSON.stringify(line[name] ?? "");
const lists = (line: Line, name: string): readonly unknown[] => [line[name]].flat();

describe("the lines stand in the promised order and agree with each other", () => {
  it("parked lines, attributions, findings, decisions, cases, one summary", () => {
    const order = ["parked", "attribution", "finding", "decision", "case", "summary"];
    for (const some of [lines, mixed]) {
      const places = some.map((line) => order.indexOf(line.type));
      expect(places).toEqual(places.toSorted((a, b) => a - b));
      expect(ofType(some, "summary")).toHaveLength(1);
    }
  });

  it("sorts each kind by time and id", () => {
    const at = new Map(ofType(lines, "finding").map((line) => [line["id"], String(line["at"])]));
    const keys = (type: string, time: (line: Line) => unknown) =>
      ofType(lines, type).map((line) => `${time(line)} ${line["id"]}`);
    for (const found of [
      keys("finding", (line) => line["at"]),
      keys("decision", (line) => at.get(line["findingId"])),
      keys("case", (line) => line["opened"]),
    ])
      expect(found).toEqual(found.toSorted());
  });

  it("counts what the lines say", () => {
    const summary = Object(lines.at(-1));
    const kinds = Map.groupBy(ofType(lines, "attribution"), (line) => String(Object(line["attribution"]).kind));
    const of = (kind: string): number => kinds.get(kind)?.length ?? 0;
    expect(summary.unattributed).toBe(of("unattributed"));
    expect(summary.contested).toBe(of("contested"));
    expect(summary.attributed).toBe(of("workload") + of("person") + of("service") + of("external"));
    expect(summary.records - summary.duplicates).toBe(ofType(lines, "attribution").length);
    expect(summary.findings).toBe(ofType(lines, "finding").length);
    expect(summary.cases).toBe(ofType(lines, "case").length);
    const inventory = ofType(lines, "finding").filter((line) => line["detector"] === "identity-undeclared");
    expect(summary.undeclared).toBe(inventory.length);
  });

  it("puts every finding and its decision into the case that names it", () => {
    const cases = new Map(ofType(lines, "case").map((line) => [line["id"], line]));
    for (const line of [...ofType(lines, "finding"), ...ofType(lines, "decision")])
      expect(cases.get(line["caseId"])?.["findingIds"]).toContain(line["findingId"] ?? line["id"]);
    for (const line of ofType(lines, "case"))
      expect(new Set(lists(line, "findingIds")).size).toBe(lists(line, "findingIds").length);
  });

  it("shows n + 1 hops for n issuing calls, the signing key first", () => {
    const harm = ofType(mixed, "attribution").find((line) => line["api"] === "cloudtrail:StopLogging");
    const { hops } = Object(harm?.["attribution"]);
    expect(hops).toHaveLength(3);
    expect(hops[0]).toMatchObject({ principal: expect.stringContaining(roleName(2)), accessKeyId: sessionKey(2) });
    expect(hops[2]).toMatchObject({ eventID: null, end: "long-term-key" });
  });

  it("attributes a declared workload by its manifest, though the service that runs it issued the session", () => {
    const declared = ofType(lines, "attribution").filter((line) =>
      part(line, "principal").includes("assumed-role/rag-index-task/"),
    );
    expect(declared.length).toBeGreaterThan(0);
    for (const line of declared)
      expect(line["attribution"]).toMatchObject({ kind: "workload", id: "rag-index", declared: true });
  });
});
