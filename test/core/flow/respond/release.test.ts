import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { memorySeenCalls } from "../../../../adapters/memory/seen-calls.ts";
import { Fault } from "../../../../core/fault.ts";
import { contain } from "../../../../core/flow/respond/contain.ts";
import { release } from "../../../../core/flow/respond/release.ts";
import type { ReleasePorts, ReleaseRequest } from "../../../../core/flow/respond/release-run.ts";
import { revokeAttempts, rewrite, settleRevoke } from "../../../../core/flow/respond/rewrite.ts";
import { verify } from "../../../../core/flow/respond/verify.ts";
import { slotKey } from "../../../../core/respond/slot.ts";
import { workload } from "../../../fixtures/workloads.ts";
import {
  attachment,
  benign,
  boundary,
  compromised,
  containment,
  denyAll,
  type ReleaseStage,
  releaseStage,
  revoke,
} from "../releasing.ts";

let stage: ReleaseStage;
beforeEach(async () => {
  stage = releaseStage();
  await stage.contained();
});

async function approved(request: ReleaseRequest, ...subjects: readonly string[]): Promise<string> {
  const waiting = await release(request, stage.ports);
  if (waiting.kind !== "waiting") throw new Error(`it is ${waiting.kind}`);
  await stage.approve(waiting.hash, ...(subjects.length === 0 ? ["ana", "ben"] : subjects));
  return waiting.hash;
}

async function recorded(key: string) {
  for await (const { step } of stage.ports.ledger.read({ chain: "releases" })) if (step.key === key) return step.body;
  return undefined;
}

describe("a benign release", () => {
  it("waits for an approval and shows whom it cuts", async () => {
    const before = stage.writes.length;
    const waiting = await release(benign, stage.ports);
    expect(waiting).toMatchObject({ kind: "waiting" });
    expect(waiting.kind === "waiting" && waiting.plan.sideEffects[0]).toMatch(/^cuts nobody/);
    expect(stage.writes).toHaveLength(before);
  });

  it("takes off what we wrote and leaves every session its rights", async () => {
    await approved(benign, "ana");
    expect(await stage.settled(benign)).toMatchObject({ kind: "ended", end: "released" });
    expect([...stage.held.values()].filter((one) => one !== null)).toEqual([]);
    expect(stage.isDenied(0)).toBe(false);
  });

  it("needs one person within the hour, who is not the subject, and is reviewed; then two", async () => {
    await approved(benign, "subject", "stranger");
    expect(await stage.settled(benign)).toMatchObject({ kind: "waiting" });
    await approved(benign, "ana");
    expect(await stage.settled(benign)).toMatchObject({ end: "released" });
    expect(await recorded("released:release-1")).toMatchObject({ review: "due" });

    stage = releaseStage();
    await stage.contained();
    stage.clock.advance(3_600_001);
    await approved(benign, "ana");
    expect(await stage.settled(benign)).toMatchObject({ kind: "waiting" });
    await approved(benign, "ben");
    expect(await stage.settled(benign)).toMatchObject({ end: "released" });
  });

  it("keeps what somebody else has set since, and says so", async () => {
    stage = releaseStage();
    stage.refused.add(slotKey(attachment));
    await stage.contained();
    expect(stage.held.get(slotKey(boundary))).toBe(denyAll);
    const theirs = "arn:aws:iam::111122223333:policy/team";
    stage.held.set(slotKey(boundary), theirs);
    await approved(benign, "ana");
    expect(await stage.settled(benign)).toMatchObject({ end: "released" });
    expect(stage.held.get(slotKey(boundary))).toBe(theirs);
    expect((await recorded("released:release-1"))?.["kept"]).toEqual([expect.stringContaining("theirs is kept")]);
  });

  it("leaves alone what was there before us", async () => {
    stage = releaseStage();
    stage.held.set(slotKey(attachment), "attached");
    await stage.contained();
    await approved(benign, "ana");
    expect(await stage.settled(benign)).toMatchObject({ end: "released" });
    expect(stage.held.get(slotKey(attachment))).toBe("attached");
  });

  it("keeps the deny that another case wants", async () => {
    const other = { ...containment, run: "decision-2", caseId: "case-2", kind: "approval" as const };
    const waiting = await contain(other, stage.containPorts);
    if (waiting.kind !== "waiting") throw new Error(waiting.kind);
    for (const subject of ["ana", "ben"])
      await stage.ports.approvals.give({
        schema: 1,
        id: `other-${subject}`,
        caseId: "case-2",
        plan: waiting.hash,
        kind: "approve",
        by: { issuer: "https://login.example.com", subject },
        at: stage.clock.now(),
        until: (stage.clock.now() + 1_800_000) as never,
        local: false,
      });
    expect(await contain(other, stage.containPorts)).toMatchObject({ end: "contained" });
    const first = await release(benign, stage.ports);
    if (first.kind === "waiting") await stage.approve(first.hash, "ana");
    await stage.settled(benign);
    expect(stage.held.get(slotKey(attachment))).toBe("attached");
    const second = { ...benign, run: "release-2", caseId: "case-2" };
    const asked = await release(second, stage.ports);
    if (asked.kind !== "waiting") throw new Error(asked.kind);
    for (const subject of ["ana", "ben"])
      await stage.ports.approvals.give({
        schema: 1,
        id: `second-${subject}`,
        caseId: "case-2",
        plan: asked.hash,
        kind: "approve",
        by: { issuer: "https://login.example.com", subject },
        at: stage.clock.now(),
        until: (stage.clock.now() + 1_800_000) as never,
        local: false,
      });
    expect(await stage.settled(second)).toMatchObject({ end: "released" });
    expect(stage.held.get(slotKey(attachment))).toBeNull();
  });

  it("is asked for anew when what stands changed after it was approved", async () => {
    await approved(benign, "ana");
    stage.held.set(slotKey(attachment), null);
    expect(await stage.settled(benign)).toMatchObject({ kind: "ended", end: "superseded" });
  });

  it("is asked for anew also when it had begun to be carried out, and nothing was written yet", async () => {
    await approved(benign, "ana");
    const { journal } = stage.ports;
    const dying: ReleasePorts = {
      ...stage.ports,
      journal: {
        ...journal,
        async append(run, lease, after, entries, at) {
          if (entries.some(({ kind }) => kind === "intent" || kind === "releasing")) throw new Error("killed");
          return journal.append(run, lease, after, entries, at);
        },
      },
    };
    await expect(release(benign, dying)).rejects.toThrow("killed");
    stage.held.set(slotKey(attachment), null);
    expect(await stage.settled(benign)).toMatchObject({ kind: "ended", end: "superseded" });
  });

  it("does not touch a principal that was made anew under the name, and none that the case does not speak of", async () => {
    const other = { ...benign, target: { ...benign.target, id: "AROAEXAMPLENEW000001" } };
    expect(await release(other, stage.ports)).toMatchObject({ end: "refused" });
    const { controlPlane } = stage.ports;
    const anew: ReleasePorts = {
      ...stage.ports,
      controlPlane: {
        ...controlPlane,
        async snapshot(arn) {
          const found = await controlPlane.snapshot(arn);
          return found && { ...found, target: { ...found.target, id: "AROAEXAMPLENEW000001" } };
        },
      },
    };
    expect(await release({ ...benign, run: "release-9" }, anew)).toMatchObject({
      end: "refused",
      because: expect.stringContaining("anew"),
    });
  });

  it("ends a containment that is still open, so that nothing puts it up again", async () => {
    await approved(benign, "ana");
    await stage.settled(benign);
    const entries = (await stage.ports.journal.read("decision-1")).map(({ entry }) => entry.kind);
    expect(entries).toContain("releasing");
  });
});

describe("the manifest's standing approval", () => {
  const manifest = (hash = "h".repeat(64)) =>
    workload("support-bot", { hash, response: { contain: "automatic", release: { after: 4 * 3_600_000 } } });

  it("releases an automatic containment after its time, and names the manifest by its hash", async () => {
    stage = releaseStage([manifest()]);
    await stage.contained();
    expect(await release(benign, stage.ports)).toMatchObject({ kind: "waiting" });
    stage.clock.advance(4 * 3_600_000);
    expect(await stage.settled(benign)).toMatchObject({ end: "released" });
    expect(await recorded("released:release-1")).toMatchObject({
      approvals: [`manifest:support-bot:${"h".repeat(64)}`],
      review: "none",
    });
  });

  it("never speaks for somebody compromised, nor for a containment that a person approved or somebody fought", async () => {
    stage = releaseStage([manifest()]);
    await stage.contained();
    stage.clock.advance(4 * 3_600_000);
    expect(await release(compromised, stage.ports)).toMatchObject({ kind: "waiting" });

    stage = releaseStage([manifest()]);
    const asked = { ...containment, kind: "approval" as const };
    const waiting = await contain(asked, stage.containPorts);
    if (waiting.kind === "waiting") await stage.approve(waiting.hash, "ana", "ben");
    expect(await contain(asked, stage.containPorts)).toMatchObject({ end: "contained" });
    stage.clock.advance(4 * 3_600_000);
    expect(await release(benign, stage.ports)).toMatchObject({ kind: "waiting" });

    stage = releaseStage([manifest()]);
    await stage.contained();
    stage.held.set(slotKey(attachment), null);
    const watch = { ...stage.ports, seen: memorySeenCalls(), own: [], guard: "absent" as const };
    await verify({ run: "decision-1", afterSeconds: 5 }, watch);
    stage.clock.advance(4 * 3_600_000);
    expect(await release(benign, stage.ports)).toMatchObject({ kind: "waiting" });
  });
});

describe("the release of somebody compromised", () => {
  it("cuts every session from before the deny comes off, and lets new ones work", async () => {
    const waiting = await release(compromised, stage.ports);
    expect(waiting.kind === "waiting" && waiting.plan.sideEffects.join("\n")).toMatch(
      /4 seen in 24 hours[\s\S]*2 instances[\s\S]*the Deny stays 1 hours/,
    );
    await approved(compromised);
    expect(await stage.settled(compromised)).toMatchObject({ end: "released" });
    const kinds = stage.writes.map(({ slot, after }) => `${slot.kind} ${after === null ? "off" : "on"}`);
    expect(kinds.indexOf("inline-policy on")).toBeLessThan(kinds.indexOf("attached-policy off"));
    expect(stage.isDenied(stage.server.now())).toBe(true);
    expect(stage.isDenied(stage.server.now() + 31_000)).toBe(false);
  });

  it("does not take the deny off by itself, whatever the journal says", async () => {
    await approved(compromised);
    expect(await release(compromised, stage.ports)).toMatchObject({ kind: "turn", of: "rewrite" });
    expect(stage.held.get(slotKey(attachment))).toBe("attached");
  });

  it("does not take the deny off while the ledger does not say that the sessions were cut, though the account does", async () => {
    await approved(compromised);
    const full = async () => {
      throw new Fault("full", "the disk is full");
    };
    const mute = { ...stage.ports, ledger: { ...stage.ports.ledger, append: full } };
    await expect(rewrite(compromised, mute)).rejects.toMatchObject({ code: "full" });
    expect(stage.isDenied(stage.server.now())).toBe(true);
    expect(await release(compromised, stage.ports)).toMatchObject({ kind: "turn", of: "rewrite" });
    expect(stage.held.get(slotKey(attachment))).toBe("attached");
  });

  it("cuts anew when the moment has passed before the deny could come off", async () => {
    await approved(compromised);
    expect(await release(compromised, stage.ports)).toMatchObject({ of: "rewrite" });
    expect(await rewrite(compromised, stage.ports)).toMatchObject({ of: "release" });
    stage.server.advance(60_000);
    expect(await release(compromised, stage.ports)).toMatchObject({ kind: "turn", of: "rewrite" });
    expect(stage.held.get(slotKey(attachment))).toBe("attached");
    expect(await stage.settled(compromised)).toMatchObject({ end: "released" });
    expect(stage.isDenied(stage.server.now())).toBe(true);
  });

  it("uses the account's time and not its own, which may be hours behind", async () => {
    stage.server.advance(86_400_000);
    await approved(compromised);
    await stage.settled(compromised);
    expect(stage.isDenied(stage.server.now())).toBe(true);
  });

  it("stays contained when the revoke cannot be put", async () => {
    await approved(compromised);
    stage.refused.add(slotKey(revoke));
    expect(await stage.settled(compromised)).toMatchObject({ kind: "ended", end: "failed" });
    expect(stage.held.get(slotKey(attachment))).toBe("attached");
  });

  it("gives up after some attempts where the account is too slow", async () => {
    await approved(compromised);
    const { controlPlane } = stage.ports;
    const slow: ReleasePorts = {
      ...stage.ports,
      controlPlane: {
        ...controlPlane,
        async write(change, mark) {
          const written = await controlPlane.write(change, mark);
          stage.server.advance(600_000);
          return written;
        },
      },
    };
    expect(await stage.settled(compromised, slow)).toMatchObject({ kind: "ended", end: "failed" });
    expect(stage.writes.filter(({ slot }) => slot.kind === "inline-policy")).toHaveLength(revokeAttempts);
  });

  it("takes the revoke off when no session from before can be alive, and only its own", async () => {
    await approved(compromised);
    await stage.settled(compromised);
    const due = await stage.ports.later.due((stage.clock.now() + 2 * 3_600_000) as never);
    expect(due.map(({ message }) => message["kind"])).toContain("settle");
    stage.clock.advance(2 * 3_600_000);
    expect(await settleRevoke(compromised, stage.ports)).toBe("settled");
    expect(stage.held.get(slotKey(revoke))).toBeNull();
    expect(await settleRevoke(compromised, stage.ports)).toBe("settled");

    stage = releaseStage();
    await stage.contained();
    await approved(compromised);
    await stage.settled(compromised);
    stage.held.set(slotKey(revoke), { Version: "2012-10-17", Statement: [] });
    expect(await settleRevoke(compromised, stage.ports)).toBe("kept");
    expect(stage.held.get(slotKey(revoke))).toEqual({ Version: "2012-10-17", Statement: [] });
  });
});

it("comes to the same end wherever it dies, and never lets a session from before in", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 8 }),
      fc.constantFrom(benign, compromised),
      async (deaths, request) => {
        stage = releaseStage();
        await stage.contained();
        await approved(request);
        let left = Number.POSITIVE_INFINITY;
        const { controlPlane, journal, ledger } = stage.ports;
        const dying = async <T>(call: () => Promise<T>): Promise<T> => {
          if (left-- <= 0) throw new Error("killed");
          const result = await call();
          if (left-- <= 0) throw new Error("killed");
          return result;
        };
        const mortal: ReleasePorts = {
          ...stage.ports,
          controlPlane: {
            ...controlPlane,
            async write(change, mark) {
              if (change.after === null && change.slot.kind === "attached-policy" && request === compromised) {
                const issued = stage.server.now();
                const written = await dying(() => controlPlane.write(change, mark));
                expect(stage.isDenied(issued)).toBe(true);
                return written;
              }
              return dying(() => controlPlane.write(change, mark));
            },
          },
          journal: { ...journal, append: (...given) => dying(() => journal.append(...given)) },
          ledger: { ...ledger, append: (...given) => dying(() => ledger.append(...given)) },
        };
        for (const death of deaths) {
          left = death;
          await stage.settled(request, mortal).catch((cause: Error) => expect(cause.message).toBe("killed"));
          stage.server.advance(7_000);
        }
        left = Number.POSITIVE_INFINITY;
        expect(await stage.settled(request, mortal)).toMatchObject({ kind: "ended", end: "released" });
        expect(stage.held.get(slotKey(attachment))).toBeNull();
        expect(
          stage.writes.filter(({ after, slot }) => slot.kind === "attached-policy" && after === null),
        ).toHaveLength(1);
      },
    ),
    { numRuns: 150 },
  );
});
