import fc from "fast-check";
import { expect, it } from "vitest";
import { breaker, decide } from "../../../core/decide/decide.ts";
import type { Mode } from "../../../core/decide/decision.ts";
import type { Finding } from "../../../core/detect/finding.ts";
import { instant } from "../../../core/event/instant.ts";
import type { Attribution } from "../../../core/identity/attribution.ts";
import { registryWith } from "../../fixtures/read.ts";
import { workload } from "../../fixtures/workloads.ts";
import { account, attributed, bare, finding, roleArn, session, start } from "./finding-samples.ts";

const names = ["a", "b", "c", "d", "e", "f", "g"];
const registry = registryWith(
  names.slice(0, 5).map((name, place) =>
    workload(name, {
      response: { contain: place === 3 ? "approval" : place === 4 ? "never" : "automatic" },
      protected: place === 2,
    }),
  ),
);

const attributions = (name: string): readonly Attribution[] => [
  attributed("workload", name),
  { ...attributed("workload", name), class: "inferred", confidence: "low" },
  attributed("person", `sso:${name}`),
  bare(`role:${roleArn(name)}`),
  { ...bare("x"), kind: "contested", claims: [name, "x"] },
];

const anyFinding = fc
  .record({
    name: fc.constantFrom(...names),
    which: fc.nat(4),
    minutes: fc.nat(40),
    severity: fc.constantFrom("info", "low", "medium", "high", "critical", "critical"),
    outcome: fc.constantFrom("done", "done", "done", "denied", "failed", "unknown"),
    family: fc.constantFrom("privilege-drift", "gpu-scaling", "tampering", "custom"),
    maturity: fc.constantFrom("stable", "stable", "incubating", "sandbox"),
    touched: fc.constantFrom(...names),
    guessed: fc.constantFrom(false, false, false, true),
  })
  .map(({ name, which, minutes, touched, ...rest }): Partial<Finding> => {
    const attribution = attributions(name)[which];
    return {
      ...rest,
      principal: session(name),
      resource: rest.family === "privilege-drift" ? roleArn(touched) : `arn:aws:s3:::${touched}-${account}`,
      at: instant(start + minutes * 60_000),
      ...(attribution === undefined ? {} : { attribution }),
    };
  });

const anyInput = fc
  .array(anyFinding, { maxLength: 40 })
  .map((all) => all.map((over, place) => finding(over, `f${String(place).padStart(3, "0")}`)));
const undeclared = fc.constantFrom("contain", "approval", "never");
const inMode = (mode: Mode, more: "contain" | "approval" | "never") => ({ mode, registry, undeclared: more });

it("decides the same whatever order the findings come in, and however often", () => {
  fc.assert(
    fc.property(
      anyInput.chain((input) =>
        fc.tuple(fc.constant(input), fc.shuffledSubarray([...input, ...input], { minLength: input.length * 2 })),
      ),
      undeclared,
      ([input, shuffled], more) => {
        expect(decide(shuffled, inMode("contain", more))).toEqual(decide(input, inMode("contain", more)));
      },
    ),
  );
});

it("lets the mode change what is done and never what would be done", () => {
  fc.assert(
    fc.property(anyInput, undeclared, (input, more) => {
      const [observe, ticket, contain] = (["observe", "ticket", "contain"] as const).map((mode) =>
        decide(input, inMode(mode, more)),
      );
      for (const full of contain ?? []) {
        const [seen, filed] = [observe, ticket].map((all) => all?.find((one) => one.findingId === full.findingId));
        expect([seen?.would, filed?.would]).toEqual([full.would, full.would]);
        expect([seen?.actions, filed?.actions]).toEqual([full.actions, full.actions]);
        expect(full.kind).toBe(full.would);
        expect(filed?.kind).toBe(full.kind === "dismiss" ? "dismiss" : "ticket");
        expect(seen?.kind).toBe(full.kind === "dismiss" ? "dismiss" : "observe");
      }
    }),
  );
});

it("never contains in doubt, on an attempt, on a guess, or against a manifest, and never too many at once", () => {
  fc.assert(
    fc.property(anyInput, undeclared, (input, more) => {
      const times: number[] = [];
      const decisions = decide(input, inMode("contain", more));
      const ordered = decisions.map(
        (one) => [input.find((found) => found.id === one.findingId)?.at ?? 0, one.id] as const,
      );
      expect(ordered.toSorted(([a, x], [b, y]) => a - b || (x < y ? -1 : 1))).toEqual(ordered);
      for (const { findingId, would, actions } of decisions) {
        const found = input.find((one) => one.id === findingId);
        expect(actions.length).toBe(would === "contain" || would === "approve" ? 1 : 0);
        if (would !== "contain" || found === undefined) continue;
        expect(found.attribution.kind === "contested" || found.attribution.kind === "unattributed").toBe(false);
        expect(found.guessed || found.outcome === "denied" || found.outcome === "failed").toBe(false);
        expect(actions[0]?.target).not.toMatch(/role\/[cde]$/);
        times.push(found.at);
        expect(times.filter((at) => at > found.at - breaker.minutes * 60_000).length).toBeLessThanOrEqual(
          breaker.limit,
        );
      }
    }),
  );
});

it("gives every decision an id of its own, the same each time", () => {
  fc.assert(
    fc.property(anyInput, (input) => {
      const ids = decide(input, { mode: "observe" }).map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(decide(input, { mode: "observe" }).map(({ id }) => id)).toEqual(ids);
    }),
  );
});
