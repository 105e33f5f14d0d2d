import { describe, expect, it } from "vitest";
import { Fault } from "../../../../core/fault.ts";
import { account, session, sessionKey } from "../../../fixtures/records.ts";
import { portsOf } from "../live.ts";
import { line, stops } from "../live-line.ts";

const first = sessionKey(1);
const child = stops(session("a", "s", first), 50);

describe("a fact that cannot be read", () => {
  const grant = stops(session("a", "s", first), 55, {
    eventSource: "iam.amazonaws.com",
    eventName: "AttachRolePolicy",
    requestParameters: { roleName: "x", policyArn: `arn:aws:iam::${account}:policy/hidden` },
  });
  const failing = (code: "denied" | "throttled") => ({
    ...portsOf().watchers,
    facts: { answer: () => Promise.reject(new Fault(code, "no")) },
  });

  it("costs only the detectors that ask for it, and is said", async () => {
    const { batch } = line();
    const { settlement, blind } = await batch([grant, child], { watchers: failing("denied") });
    const hidden = `arn:aws:iam::${account}:policy/hidden`;
    expect(settlement.findings.map((one) => one.detector)).toContain("tampering-trail");
    const others = settlement.findings.filter((one) => one.detector !== "tampering-trail");
    expect(others.filter((one) => one.severity !== "info")).toEqual([]);
    expect(blind).toContain(`${hidden}: denied`);
    expect(blind.length).toBe(new Set(blind).size);
  });

  it("fails the batch where the source is only busy: it comes again", async () => {
    const { batch } = line();
    await expect(batch([grant, child], { watchers: failing("throttled") })).rejects.toMatchObject({
      code: "throttled",
    });
  });
});
