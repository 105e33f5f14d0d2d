import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { describedWith } from "../../../core/detect/described-catalog.ts";
import { workloadClasses } from "../../../core/identity/workload.ts";
import { planners, tierOfPlanner } from "../../../core/respond/catalog.ts";
import { standing, undoOf } from "../../../core/respond/change.ts";
import { families, responseMatrix } from "../../../core/respond/matrix.ts";
import type { PlanRequest } from "../../../core/respond/planned.ts";
import type { Planner } from "../../../core/respond/planner.ts";
import { isFinal, type Slot, slotKey, type Value } from "../../../core/respond/slot.ts";
import { slotCalls } from "../../../core/respond/slot-calls.ts";
import { responsePage } from "../../../scripts/make-response-docs.ts";
import { tables } from "../../fixtures/tables.ts";
import { table } from "../iam/tables.ts";
import { account, requestsFor, shapes } from "./requests.ts";

const root = join(import.meta.dirname, "../../..");

/** An account in memory: slots by their key; nothing is the same as null. */
function accountOf({ snapshot }: PlanRequest): Map<string, Value> {
  return new Map(snapshot.held.map(({ slot, value }) => [slotKey(slot), value]));
}
const read = (held: ReadonlyMap<string, Value>, slot: Slot): Value => held.get(slotKey(slot)) ?? null;
const whole = (held: ReadonlyMap<string, Value>): object =>
  Object.fromEntries([...held].filter(([, value]) => value !== null));

it("has a file for every planner, under its own name, and every kind of action", () => {
  const files = readdirSync(join(root, "core/respond/plans")).filter((one) => one !== "markers.ts");
  expect(planners.map(({ id }) => `${id}.ts`).toSorted()).toEqual(files.toSorted());
  expect(planners.map(({ action }) => action).toSorted()).toEqual(Object.keys(shapes).toSorted());
});

it("has a docs page that is current: npx node scripts/make-response-docs.ts", () => {
  expect(readFileSync(join(root, "docs/responses.md"), "utf8")).toBe(responsePage(describedWith(tables)));
});

it("has something to say for every class of workload and every family, in every column", () => {
  const cells = responseMatrix(describedWith(tables));
  expect(cells).toHaveLength(workloadClasses.length * families.length);
  for (const { automatic, approval, impossible } of cells)
    for (const column of [automatic, approval, impossible]) expect(column.length).toBeGreaterThan(0);
});

it("names calls that IAM knows", () => {
  for (const { reads, sets, undoes } of Object.values(slotCalls))
    for (const one of [...reads, ...sets, ...undoes]) expect(table.find(one), one).toBeDefined();
});

it("never deletes a principal, a key, a policy of others or a provider", () => {
  const deletes = Object.values(slotCalls).flatMap(({ sets, undoes }) =>
    [...sets, ...undoes].filter((one) => /Delete/.test(one)),
  );
  expect(deletes.toSorted()).toEqual([
    "bedrock-agentcore:DeleteGatewayTarget",
    "eks:DeleteAccessEntry",
    "eks:DeletePodIdentityAssociation",
    "iam:DeleteRolePermissionsBoundary",
    "iam:DeleteRolePolicy",
    "iam:DeleteUserPermissionsBoundary",
    "iam:DeleteUserPolicy",
    "lambda:DeleteFunctionConcurrency",
  ]);
});

const forbidden = {
  "a root user": `arn:aws:iam::${account}:root`,
  "a service-linked role": `arn:aws:iam::${account}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS`,
  "a role of Identity Center": `arn:aws:iam::${account}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef`,
  "a principal of another account": "arn:aws:iam::444455556666:role/vendor",
  "a break-glass role": `arn:aws:iam::${account}:role/break-glass`,
  "an own role under a path that the list does not know": `arn:aws:iam::${account}:role/x/Cordon-Contain`,
  "an AWS service": "lambda.amazonaws.com",
};
const never = {
  principals: [`arn:aws:iam::${account}:role/break-glass`, `arn:aws:iam::${account}:role/cordon-contain`],
};

describe.each(planners)("$id", (planner: Planner) => {
  const requests = requestsFor(planner.action);
  const isByHand = tierOfPlanner(planner) === undefined;

  it("gives everything back that it took, and keeps what others changed meanwhile", () => {
    let plans = 0;
    fc.assert(
      fc.property(requests, fc.array(fc.nat(), { maxLength: 4 }), (request, edits) => {
        const planned = planner.plan(request);
        if (planned.kind !== "plan") return;
        plans++;
        const held = accountOf(request);
        const before = whole(held);
        const { steps } = planned.plan;
        for (const { change } of steps) {
          expect(standing(change, read(held, change.slot))).not.toBe("foreign");
          held.set(slotKey(change.slot), change.after);
        }
        const foreign = new Map<string, Value>();
        const keys = [...held.keys()];
        for (const edit of edits) foreign.set(keys[edit % keys.length] ?? "", `edit ${edit}`);
        for (const [key, value] of foreign) held.set(key, value);
        for (const { change } of steps.toReversed()) {
          const undo = undoOf(change);
          if (!isFinal(change.slot) && standing(undo, read(held, undo.slot)) === "due")
            held.set(slotKey(undo.slot), undo.after);
        }
        const final = steps.flatMap(({ change }) =>
          isFinal(change.slot) ? [[slotKey(change.slot), change.after] as const] : [],
        );
        expect(whole(held)).toEqual(whole(new Map([...Object.entries(before), ...final, ...foreign])));
      }),
      { numRuns: 300 },
    );
    if (!isByHand) expect(plans).toBeGreaterThan(50);
  });

  it("says what it sets: every step and fallback is of a declared slot, and no step is of a lower tier", () => {
    fc.assert(
      fc.property(requests, (request) => {
        const planned = planner.plan(request);
        if (planned.kind !== "plan") return;
        for (const { change, instead, tier } of planned.plan.steps)
          for (const { slot } of [change, ...(instead === undefined ? [] : [instead])])
            expect(planner.sets.filter((one) => one.slot === slot.kind && one.tier <= tier)).not.toEqual([]);
      }),
    );
  });

  it("makes the same plan of the same state, and says what it leaves and what else stops", () => {
    fc.assert(
      fc.property(requests, (request) => {
        const planned = planner.plan(request);
        expect(planner.plan(request)).toEqual(planned);
        if (planned.kind === "plan")
          expect(planned.plan.notStopped.length * planned.plan.sideEffects.length).toBeGreaterThan(0);
        if (planned.kind === "ticket") expect(planned.steps.length).toBeGreaterThan(0);
      }),
      { numRuns: 50 },
    );
  });

  it("does nothing on what it could not read", () => {
    fc.assert(
      fc.property(requests, (request) => {
        const slots = planner.reads(request.action, request.snapshot.target);
        const missing = new Set(slots.filter(({ kind }) => kind !== "credential-provider").map(slotKey));
        if (missing.size === 0) return;
        const held = request.snapshot.held.filter(({ slot }) => !missing.has(slotKey(slot)));
        const planned = planner.plan({ ...request, snapshot: { ...request.snapshot, held } });
        if (planned.kind === "plan") expect(planned.plan.tier).toBe(2);
        if (planned.kind === "plan")
          for (const { change } of planned.plan.steps) expect(missing.has(slotKey(change.slot))).toBe(false);
      }),
      { numRuns: 100 },
    );
  });

  it.each(Object.entries(forbidden))("touches no %s", (_, arn) => {
    fc.assert(
      fc.property(requests, (request) => {
        const target = { ...request.snapshot.target, arn };
        const planned = planner.plan({ ...request, never, snapshot: { ...request.snapshot, target } });
        expect(planned.kind).not.toBe("plan");
      }),
      { numRuns: 20 },
    );
  });

  it("touches nothing in the management account", () => {
    const [request] = fc.sample(requests, 1);
    if (request === undefined) throw new Error("no request");
    const managed = { ...request, never: { principals: [], managementAccount: account } };
    expect(planner.plan(managed)).toMatchObject({ kind: "refused" });
  });

  it("waits for a person where many use it", () => {
    fc.assert(
      fc.property(requests, (request) => {
        const planned = planner.plan({ ...request, blast: { ...request.blast, sessions: 11 } });
        if (planned.kind === "plan")
          expect(planned.plan).toMatchObject({ tier: 2, waits: "11 sessions used it in 24 hours" });
      }),
      { numRuns: 50 },
    );
  });

  if (isByHand)
    it("is a ticket with steps, never a call", () => {
      fc.assert(
        fc.property(requests, (request) => {
          const planned = planner.plan(request);
          expect(planned.kind).toBe("ticket");
          if (planned.kind === "ticket") expect(planned.steps.length).toBeGreaterThanOrEqual(4);
        }),
        { numRuns: 10 },
      );
    });
});
