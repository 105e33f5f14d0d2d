import { describe, expect, it } from "vitest";
import { instant } from "../../../core/event/instant.ts";
import type { Attribution } from "../../../core/identity/attribution.ts";
import { attributionLine, parkedLine, summaryLine } from "../../../core/record/line.ts";
import { acts, incident } from "../../fixtures/incident.ts";
import { settled } from "../flow/settling.ts";

const at = instant(Date.parse("2026-01-31T12:00:00Z"));
const verdict = {
  because: "as the test says",
  confidence: "low",
  root: { kind: "unknown", id: "" },
  hops: [],
} as const;
const lineOf = (attribution: Attribution, over: Partial<Parameters<typeof attributionLine>[0]> = {}) =>
  attributionLine({
    eventID: "e",
    at,
    account: "111122223333",
    region: "us-east-1",
    api: "s3:GetObject",
    attribution,
    ...over,
  });

describe("attributionLine", () => {
  it("prints the fields in the order of the contract", () => {
    const known: Attribution = {
      ...verdict,
      kind: "workload",
      id: "support-bot",
      declared: true,
      class: "indexed",
      confidence: "high",
      root: { kind: "workload", id: "support-bot" },
    };
    expect(lineOf(known, { principal: { kind: "root", arn: "arn:x", id: "1" } })).toBe(
      '{"type":"attribution","eventID":"e","at":"2026-01-31T12:00:00Z","account":"111122223333","region":"us-east-1","api":"s3:GetObject",' +
        '"principal":{"kind":"root","arn":"arn:x","id":"1"},"attribution":{"kind":"workload","id":"support-bot","declared":true,"class":"indexed",' +
        '"confidence":"high","because":"as the test says","root":{"kind":"workload","id":"support-bot"},"hops":[]}}',
    );
  });

  it("leaves out what is absent, of the record, the principal and the attribution", () => {
    const line = JSON.parse(lineOf({ ...verdict, kind: "unattributed" }, { account: "", region: "" }));
    expect(Object.keys(line)).toEqual(["type", "eventID", "at", "api", "attribution"]);
    expect(Object.keys(line.attribution)).toEqual(["kind", "confidence", "because", "root", "hops"]);
    expect(line.attribution.root).toEqual({ kind: "unknown" });
  });

  it("says who asked for it, whatever the answer is, and leaves it out where nobody did", () => {
    const asker = {
      id: "planner",
      principal: "p",
      asked: "arn:x",
      eventID: "e0",
      field: "f",
      class: "indexed",
    } as const;
    const askedBy = [{ ...asker, sessionId: "s", askedBy: [{ ...asker, id: "front" }] }];
    const known = { kind: "service", id: "service:x", declared: false, class: "asserted" } as const;
    for (const answer of [known, { kind: "contested", claims: ["a", "b"] } as const, { kind: "unattributed" } as const])
      expect(JSON.parse(lineOf({ ...verdict, ...answer, askedBy })).attribution.askedBy).toEqual(askedBy);
    expect(JSON.parse(lineOf({ ...verdict, ...known })).attribution).not.toHaveProperty("askedBy");
  });

  it("names the rivals of a contested one, and the lasting key of an unattributed one", () => {
    expect(JSON.parse(lineOf({ ...verdict, kind: "contested", claims: ["a", "b"] })).attribution).toMatchObject({
      kind: "contested",
      claims: ["a", "b"],
    });
    expect(JSON.parse(lineOf({ ...verdict, kind: "unattributed", id: "role:x" })).attribution).toMatchObject({
      id: "role:x",
    });
  });

  it("keeps a null key id and a null event of a hop, for they say something", () => {
    const hops = [{ principal: "kms.amazonaws.com", accessKeyId: null, eventID: null, end: "service" }] as const;
    expect(JSON.parse(lineOf({ ...verdict, kind: "unattributed", hops })).attribution.hops).toEqual(hops);
  });
});

describe("every line", () => {
  it("is one line whatever text it holds", () => {
    const hostile = 'a\nb\u2028"\\\u001b[2J';
    for (const line of [
      parkedLine(hostile, "why"),
      lineOf({ ...verdict, kind: "unattributed", id: hostile }, { eventID: hostile }),
    ]) {
      expect(line).not.toMatch(/[\n\r\u001b]/);
      expect(JSON.stringify(JSON.parse(line))).toBe(line);
    }
  });

  it("begins with its type and holds neither null nor empty text", async () => {
    const { lines } = await settled([[incident({ hops: 1, acts, ordinary: 0 })]]);
    expect(lines.length).toBeGreaterThan(6);
    for (const line of lines) {
      expect(line).toMatch(/^\{"type":"(finding|decision|case)",/);
      expect(line).not.toMatch(/:null|:""/);
    }
  });

  it("prints a summary with its counts in the order of the contract", () => {
    const counts = {
      records: 1,
      duplicates: 2,
      conflicts: 3,
      ignored: 4,
      parked: 5,
      attributed: 6,
      contested: 7,
      unattributed: 8,
      undeclared: 9,
      findings: 10,
      cases: 11,
      seconds: 0.5,
    };
    expect(summaryLine(counts)).toBe(
      '{"type":"summary","records":1,"duplicates":2,"conflicts":3,"ignored":4,"parked":5,"attributed":6,"contested":7,"unattributed":8,"undeclared":9,"findings":10,"cases":11,"seconds":0.5}',
    );
  });
});
