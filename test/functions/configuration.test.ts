import { describe, expect, it } from "vitest";
import { Fault } from "../../core/fault.ts";
import type { ConfigurationSource } from "../../core/flow/facts/read-configuration.ts";
import { type ConfigurationRequest, configurationHandler } from "../../functions/configuration.ts";
import { context } from "./context.ts";

const token = "hf_aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0z";
const arn = "arn:aws:lambda:us-east-1:111122223333:function:agent";
const asked: string[] = [];
const holding: ConfigurationSource = {
  async read(thing) {
    asked.push(thing);
    return { Environment: { Variables: { HF_TOKEN: token } } };
  },
};
const answer = async (source: ConfigurationSource, request: unknown) =>
  configurationHandler({ source, fingerprintKey: "a key of a test" })(request as ConfigurationRequest, context);

describe("the configuration function", () => {
  it("answers where a secret stands, and no value", async () => {
    const said = await answer(holding, { things: [arn] });
    expect(said).toMatchObject({ [arn]: { kind: "read", secrets: [{ where: "Environment.Variables.HF_TOKEN" }] } });
    expect(JSON.stringify(said)).not.toContain(token);
  });

  it("reads nothing that is no ARN, whatever it is sent", async () => {
    asked.length = 0;
    for (const request of [{}, { things: "x" }, { things: [1, null, "x", { arn }] }])
      expect(await answer(holding, request)).toEqual({});
    expect(asked).toEqual([]);
  });

  it("fails with a code alone: what a service or a bug says may hold a value", async () => {
    for (const cause of [new Fault("throttled", `of ${token}`), new Error(`of ${token}`)]) {
      const failure: unknown = await answer({ read: () => Promise.reject(cause) }, { things: [arn] }).catch(
        (one) => one,
      );
      expect(failure).toBeInstanceOf(Error);
      expect(
        `${String(failure)} ${failure instanceof Error ? `${failure.stack} ${String(failure.cause)}` : ""}`,
      ).not.toContain(token);
    }
  });
});
