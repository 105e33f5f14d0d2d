import { beforeEach, describe, expect, it } from "vitest";
import { memorySeenCalls } from "../../../../adapters/memory/seen-calls.ts";
import type { Instant } from "../../../../core/event/instant.ts";
import { Fault } from "../../../../core/fault.ts";
import { release } from "../../../../core/flow/respond/release.ts";
import { returned } from "../../../../core/flow/respond/returned.ts";
import { type Look, mostEpochs, type VerifyPorts, verify } from "../../../../core/flow/respond/verify.ts";
import { slotKey } from "../../../../core/respond/slot.ts";
import { called } from "../called.ts";
import { attachment, benign, boundary, denyAll, type ReleaseStage, releaseStage, target } from "../releasing.ts";

let stage: ReleaseStage;
let seen: ReturnType<typeof memorySeenCalls>;
let ports: VerifyPorts;
beforeEach(async () => {
  stage = releaseStage();
  seen = memorySeenCalls();
  ports = { ...stage.ports, seen, own: ["arn:aws:iam::111122223333:role/cordon-contain"], guard: "absent" };
  await stage.contained();
});

const look: Look = { run: "decision-1", afterSeconds: 5 };
const detach = (id: string) =>
  called({
    ...{ id, at: stage.clock.now(), api: "iam:DetachRolePolicy", role: "accomplice", session: "mallory" },
    request: { roleName: "support-bot", policyArn: denyAll },
  });

/** Runs every look that is due until a time, as the verifying function does. */
async function watched(milliseconds: number, each: () => void = () => undefined) {
  const standings: string[] = [];
  const titles: string[] = [];
  for (let passed = 0; passed <= milliseconds; passed += 5_000) {
    for (const { key, message } of await stage.ports.later.due(stage.clock.now())) {
      if (message["kind"] !== "verify") continue;
      const found = await verify(message as unknown as Look, ports);
      if (found.kind === "looked") {
        standings.push(found.standing);
        titles.push(...found.findings.map(({ detector }) => detector));
      }
      await stage.ports.later.done(key);
    }
    each();
    stage.clock.advance(5_000);
  }
  return { standings, titles };
}

describe("verify", () => {
  it("looks after 5, 15 and 60 seconds and every five minutes after that, and says that it holds", async () => {
    const { standings, titles } = await watched(20 * 60_000);
    expect(standings).toEqual(Array(3 + 3).fill("holds"));
    expect(titles).toEqual([]);
  });

  it("puts up again what was taken off, names who did it, and says that nothing guards it", async () => {
    stage.held.set(slotKey(attachment), null);
    seen.saw(detach("detach-1"));
    const found = await verify(look, ports);
    expect(found).toMatchObject({ kind: "looked", standing: "reverted" });
    expect(stage.held.get(slotKey(attachment))).toBe("attached");
    const [finding] = found.kind === "looked" ? found.findings : [];
    expect(finding).toMatchObject({ detector: "containment-reverted", severity: "critical", eventIDs: ["detach-1"] });
    expect(finding?.principal).toBe("arn:aws:sts::111122223333:assumed-role/accomplice/mallory");
    expect(JSON.stringify(finding?.evidence)).toContain("not tamper-resistant");
  });

  it("puts it up three times and then leaves it to people, within a minute and a half", async () => {
    let fights = 0;
    const { titles } = await watched(10 * 60_000, () => {
      if (stage.held.get(slotKey(attachment)) !== "attached") return;
      stage.held.set(slotKey(attachment), null);
      seen.saw(detach(`detach-${fights++}`));
    });
    expect(stage.writes.filter(({ after, slot }) => slot.kind === "attached-policy" && after !== null)).toHaveLength(
      1 + mostEpochs,
    );
    expect(titles.filter((one) => one === "containment-reverted").length).toBeGreaterThan(mostEpochs);
    expect(stage.held.get(slotKey(attachment))).toBeNull();
  });

  it("does not overwrite what somebody else has put there instead", async () => {
    stage = releaseStage();
    stage.refused.add(slotKey(attachment));
    await stage.contained();
    ports = { ...ports, ...stage.ports };
    stage.held.set(slotKey(boundary), "arn:aws:iam::111122223333:policy/theirs");
    const found = await verify(look, ports);
    expect(found.kind === "looked" && found.findings[0]?.title).toContain("replaced");
    expect(stage.held.get(slotKey(boundary))).toBe("arn:aws:iam::111122223333:policy/theirs");
  });

  it("changes nothing when it cannot read, and says that it does not know", async () => {
    const blind = {
      ...stage.ports.controlPlane,
      read: async () => {
        throw new Fault("denied", "not allowed to read");
      },
    };
    const before = stage.writes.length;
    expect(await verify(look, { ...ports, controlPlane: blind })).toMatchObject({ standing: "unknown", findings: [] });
    expect(stage.writes).toHaveLength(before);
  });

  it("is critical when the principal still gets a call through, and not when it is refused or in the first minute", async () => {
    const at = stage.clock.now();
    const by = { role: "support-bot", roleId: target.id, api: "s3:GetObject" };
    seen.saw(
      called({ ...by, id: "early", at: at + 30_000 }),
      called({ ...by, id: "no", at: at + 90_000, denied: true }),
    );
    seen.saw(called({ ...by, id: "whoami", at: at + 90_000, api: "sts:GetCallerIdentity" }));
    seen.saw(called({ ...by, id: "new", at: at + 90_000, roleId: "AROAEXAMPLENEW000001" }));
    expect(await verify(look, ports)).toMatchObject({ findings: [] });
    seen.saw(called({ ...by, id: "through", at: at + 90_000 }));
    const found = await verify({ ...look, afterSeconds: 60 }, ports);
    expect(found).toMatchObject({ findings: [{ detector: "containment-ineffective", eventIDs: ["through"] }] });
  });

  it("writes down how long it took until the first call was refused", async () => {
    seen.saw(
      called({
        id: "no",
        at: stage.clock.now() + 4_000,
        api: "s3:GetObject",
        role: "support-bot",
        roleId: target.id,
        denied: true,
      }),
    );
    await verify(look, ports);
    const bodies: unknown[] = [];
    for await (const { step } of ports.ledger.read({ chain: "watch" })) bodies.push(step.body);
    expect(bodies).toMatchObject([{ standing: "holds", firstDenied: { seconds: 64, eventID: "no" } }]);
  });

  it("stops looking once it is taken back, and never puts it up again", async () => {
    const waiting = await release(benign, stage.ports);
    if (waiting.kind === "waiting") await stage.approve(waiting.hash, "ana", "ben");
    await stage.settled(benign);
    expect(await verify(look, ports)).toMatchObject({ kind: "over" });
    expect(stage.held.get(slotKey(attachment))).toBeNull();
  });

  it("waits while another worker has the principal", async () => {
    await stage.ports.journal.claim(target.id, "worker-2", stage.clock.now(), 60);
    expect(await verify(look, ports)).toEqual({ kind: "busy" });
  });
});

describe("returned", () => {
  it("says that a workload is back at its first call that succeeds, and how long that took", async () => {
    const from = stage.clock.now() as Instant;
    const ask = { request: benign, look: 0, from };
    expect(await returned(ask, ports)).toEqual({ kind: "silent" });
    const by = { role: "support-bot", roleId: target.id, api: "s3:GetObject" };
    seen.saw(called({ ...by, id: "no", at: from + 5_000, denied: true }));
    expect(await returned({ ...ask, look: 1 }, ports)).toEqual({ kind: "denied" });
    seen.saw(called({ ...by, id: "yes", at: from + 20_000 }));
    expect(await returned({ ...ask, look: 2 }, ports)).toEqual({ kind: "back", seconds: 20, eventID: "yes" });
  });
});
