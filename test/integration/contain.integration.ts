import {
  AttachRolePolicyCommand,
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
} from "@aws-sdk/client-iam";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { memoryApprovals } from "../../adapters/memory/approvals.ts";
import { memoryBudget } from "../../adapters/memory/budget.ts";
import { virtualClock } from "../../adapters/memory/clock.ts";
import { memoryJournal } from "../../adapters/memory/journal.ts";
import { memoryLater } from "../../adapters/memory/later.ts";
import { memoryLedger } from "../../adapters/memory/ledger.ts";
import { instant } from "../../core/event/instant.ts";
import { type ContainRequest, contain } from "../../core/flow/respond/contain.ts";
import { release } from "../../core/flow/respond/release.ts";
import type { ReleaseRequest } from "../../core/flow/respond/release-run.ts";
import { rewrite } from "../../core/flow/respond/rewrite.ts";
import { planners } from "../../core/respond/catalog.ts";
import { snapshotDigest } from "../../core/respond/snapshot.ts";
import { containParts } from "../../functions/contain.ts";
import { releaseParts } from "../../functions/release.ts";
import { rewriteParts } from "../../functions/rewrite.ts";
import { registryWith } from "../fixtures/read.ts";
import { type Moto, startMoto } from "./moto.ts";
import { account, caseId, stageOn, trust } from "./stage.ts";

const now = instant(Date.parse("2026-11-20T04:00:00Z"));
let moto: Moto;
let stage: ReturnType<typeof stageOn>;

beforeAll(async () => {
  moto = await startMoto(account);
  stage = stageOn(moto.endpoint);
  const { iam } = stage;
  await iam.send(new CreateRoleCommand({ RoleName: "bot", AssumeRolePolicyDocument: JSON.stringify(trust) }));
  const own = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
  await iam.send(new AttachRolePolicyCommand({ RoleName: "bot", PolicyArn: own }));
  await iam.send(new CreateUserCommand({ UserName: "ci" }));
});

afterAll(() => moto.stop());

/** All that a containment and its release need around the account; two people approve whatever is asked for. */
function portsOf() {
  const approvals = memoryApprovals();
  const ports = {
    gate: { pass: async () => ({ ok: true }) as const },
    pause: async () => undefined,
    random: () => 0.5,
    journal: memoryJournal(),
    approvals,
    approvers: { mayApprove: () => true, isConcerned: () => false, needed: () => 2 as const, acceptsLocal: false },
    later: memoryLater(),
    clock: virtualClock(now),
    owner: "worker-1",
    budget: memoryBudget(),
    planners,
    registry: registryWith([]),
    ledger: memoryLedger(),
    moment: { server: async () => now, newestEvent: async () => undefined },
  };
  const approve = async (plan: string): Promise<void> => {
    for (const subject of ["ana", "ben"]) {
      const by = { issuer: "https://login.example.com", subject };
      const until = instant(now + 1_800_000);
      const one = { schema: 1, id: `${plan.slice(0, 8)}-${subject}`, caseId, plan: plan as never } as const;
      await approvals.give({ ...one, kind: "approve", by, at: now, until, local: false });
    }
  };
  return { ports, approve };
}

async function containedAndReleased(
  target: string,
  kind: "contain-role" | "deactivate-key",
  how: ReleaseRequest["release"],
) {
  const { ports, approve } = portsOf();
  const before = await stage.all.snapshot(target);
  if (before === undefined) throw new Error(`there is no ${target}`);
  const request: ContainRequest = {
    ...{ run: `decision-${kind}-${how}`, caseId, account, eventAt: now, kind: "automatic" },
    action: { kind, target, tier: 1 },
    principalId: before.target.id,
    blast: { sessions: 1, instances: 0, functions: 0, jobs: 0, workloads: [] },
  };
  const contained = await contain(request, { ...ports, controlPlane: stage.plane(...containParts.writers) });
  const between = await stage.all.snapshot(target);
  const asked: ReleaseRequest = {
    run: `release-${kind}-${how}`,
    caseId,
    target: before.target,
    release: how,
    credentials: "the same",
  };
  const part = { release: stage.plane(...releaseParts.writers), rewrite: stage.plane(...rewriteParts.writers) };
  let last = await release(asked, { ...ports, controlPlane: part.release });
  if (last.kind === "waiting") await approve(last.hash);
  last = await release(asked, { ...ports, controlPlane: part.release });
  for (let turns = 0; last.kind === "turn" && turns < 9; turns++)
    last = await (last.of === "rewrite" ? rewrite : release)(asked, { ...ports, controlPlane: part[last.of] });
  return { before, contained, between, last, after: await stage.all.snapshot(target) };
}

describe("containing and releasing on the wire, each function with its own part", () => {
  const role = `arn:aws:iam::${account}:role/bot`;
  const digest = (one: Parameters<typeof snapshotDigest>[0] | undefined) => one && snapshotDigest(one);

  it("denies everything to a role and leaves it as it was", async () => {
    const { before, contained, between, last, after } = await containedAndReleased(role, "contain-role", "benign");
    expect(contained).toMatchObject({ kind: "ended", end: "contained", progress: { notDone: [] } });
    expect(digest(between)).not.toBe(digest(before));
    expect(last).toMatchObject({ kind: "ended", end: "released" });
    expect(digest(after)).toBe(digest(before));
  });

  it("cuts the sessions from before, then takes the deny off", async () => {
    const { before, last, after } = await containedAndReleased(role, "contain-role", "compromised");
    expect(last).toMatchObject({ kind: "ended", end: "released" });
    const added = after?.held.filter(
      ({ slot }) => !before.held.some((one) => JSON.stringify(one.slot) === JSON.stringify(slot)),
    );
    expect(added?.map(({ slot }) => slot)).toEqual([
      { kind: "inline-policy", holder: { kind: "role", arn: role }, name: "cordon-case-1-revoke" },
    ]);
  });

  it("switches a key off, and on again", async () => {
    const made = await stage.iam.send(new CreateAccessKeyCommand({ UserName: "ci" }));
    const key = made.AccessKey?.AccessKeyId ?? "";
    const { contained, between, last, after } = await containedAndReleased(key, "deactivate-key", "benign");
    expect(contained).toMatchObject({ kind: "ended", end: "contained" });
    expect(between?.held[0]?.value).toBe("Inactive");
    expect(last).toMatchObject({ kind: "ended", end: "released" });
    expect(after?.held[0]?.value).toBe("Active");
  });
});
