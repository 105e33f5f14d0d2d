import { describe, expect, it } from "vitest";
import { watchersFor } from "../../../../cli/watchers.ts";
import type { Finding } from "../../../../core/detect/finding.ts";
import { Fault } from "../../../../core/fault.ts";
import type { ConfigurationReader } from "../../../../core/flow/facts/configuration-facts.ts";
import { eventId, record, secondsAfter, user } from "../../../fixtures/records.ts";
import { settled } from "../settling.ts";

const secret = { where: "Environment.Variables.HF_TOKEN", kind: "huggingface-token", fingerprint: "0".repeat(32) };
const write = (number: number, functionName: string) =>
  record({
    eventSource: "lambda.amazonaws.com",
    eventName: "UpdateFunctionConfiguration20150331v2",
    userIdentity: user(),
    requestParameters: { functionName, environment: {} },
    eventID: eventId(number),
    eventTime: secondsAfter(number),
  });
const shown = record({
  eventSource: "ecs.amazonaws.com",
  eventName: "RegisterTaskDefinition",
  userIdentity: user(),
  requestParameters: {
    family: "serve",
    containerDefinitions: [{ environment: [{ name: "DB_PASSWORD", value: "vK9#pleft-mN2quay" }] }],
  },
  eventID: eventId(9),
});

async function found(records: readonly unknown[], configurations?: ConfigurationReader): Promise<readonly Finding[]> {
  const watchers = { ...watchersFor(["sprawl-configured-secret"]), ...(configurations ? { configurations } : {}) };
  return (await settled([[records]], { watchers })).settlement.findings;
}

const reading: ConfigurationReader = {
  read: async (things) => new Map(things.map((thing) => [thing, { kind: "read", secrets: [secret] }])),
};
const failing = (code: "denied" | "throttled"): ConfigurationReader => ({
  read: () => Promise.reject(new Fault(code, "no")),
});

describe("configurations that are read", () => {
  it("tell of secrets that no record shows: one finding for one secret, with its places", async () => {
    const [finding, ...others] = await found([write(1, "a"), write(2, "b"), write(3, "a")], reading);
    expect(others).toEqual([]);
    expect(finding?.title).toBe("One secret (huggingface token) stands in 2 places");
    expect(finding?.evidence.filter(({ kind }) => kind === "secret")).toEqual(
      ["a", "b"].map((name) => ({
        kind: "secret",
        where: `arn:aws:lambda:us-east-1:111122223333:function:${name} ${secret.where}`,
        fingerprint: secret.fingerprint,
      })),
    );
    expect(finding?.evidence.some(({ kind }) => kind === "fact")).toBe(false);
  });

  it("are nobody's concern where nothing is read and nothing is shown", async () => {
    expect(await found([write(1, "a")])).toEqual([]);
  });

  it("are named as not read by a finding of what the record shows, where reading is off or denied", async () => {
    for (const [reader, because] of [
      [undefined, "configuration not read: reading configurations is not switched on here"],
      [failing("denied"), 'configuration not read: the reader answered "denied"'],
    ] as const) {
      const [finding] = await found([shown], reader);
      expect(finding?.evidence.find(({ kind }) => kind === "fact")).toMatchObject({ because });
    }
  });

  it("come again where the reader is busy", async () => {
    await expect(found([shown], failing("throttled"))).rejects.toMatchObject({ code: "throttled" });
  });
});
