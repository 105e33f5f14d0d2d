import { describe, expect, it } from "vitest";
import { type Case, caseIdOf, casesOf, mergesOf } from "../../../core/detect/case.ts";
import type { Finding, FindingId } from "../../../core/detect/finding.ts";
import type { Root } from "../../../core/identity/attribution.ts";
import { acts, incident } from "../../fixtures/incident.ts";
import { settled } from "../flow/settling.ts";

const bot: Root = { kind: "workload", id: "support-bot" };
const { settlement } = await settled([[incident({ hops: 1, acts, ordinary: 0 })]]);
const all = settlement.findings;
const rootedIn = (finding: Finding, root: Root): Finding => ({
  ...finding,
  attribution: { ...finding.attribution, root },
});
const ids = (found: readonly Finding[]): readonly FindingId[] => found.map((one) => one.id).sort();
const held = (one: Case | undefined, found: readonly Finding[]) => new Map([[one?.id ?? "", new Set(ids(found))]]);

describe("mergesOf", () => {
  const [old] = casesOf(all);
  const moved = all.map((one) => rootedIn(one, bot));
  const [first, ...rest] = moved;
  const into = first === undefined ? "" : caseIdOf(first);

  it("names what an earlier case still holds of findings that belong to another by now", () => {
    expect(all.length).toBeGreaterThan(2);
    expect(into).not.toBe(old?.id);
    expect(mergesOf(moved, held(old, all))).toEqual([{ from: old?.id, into, findingIds: ids(all), left: 0 }]);
  });
  it("counts what stays behind", () => {
    expect(mergesOf(moved.slice(0, 1), held(old, all))).toEqual([
      { from: old?.id, into, findingIds: [first?.id], left: rest.length },
    ]);
  });
  it("tells apart where findings went, and says the same whatever their order and repetition", () => {
    const person: Root = { kind: "person", id: "sso:-/alex" };
    const parted = [...moved.slice(0, 1), ...rest.map((one) => rootedIn(one, person))];
    const merges = mergesOf(parted, held(old, all));
    expect(merges.map((one) => [one.findingIds.length, one.left]).sort()).toEqual([
      [1, 0],
      [rest.length, 0],
    ]);
    expect(mergesOf([...parted.toReversed(), ...parted], held(old, all))).toEqual(merges);
  });
  it("is empty where the case does not hold the finding, or is the finding's own", () => {
    expect(mergesOf(moved, new Map([[old?.id ?? "", new Set<string>()]]))).toEqual([]);
    expect(mergesOf(all, held(old, all))).toEqual([]);
    expect(mergesOf(moved, new Map())).toEqual([]);
  });
  it("makes the case that took them say what it supersedes", () => {
    expect(casesOf(moved, mergesOf(moved, held(old, all))).map((one) => one.supersedes)).toEqual([[old?.id]]);
    expect(casesOf(moved).map((one) => "supersedes" in one)).toEqual([false]);
  });
});
