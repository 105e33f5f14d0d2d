import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../../core/event/json.ts";
import { Fault, type FaultCode } from "../../../../core/fault.ts";
import { mostThings, readConfigurations } from "../../../../core/flow/facts/read-configuration.ts";

const token = `hf_${"aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zA".slice(0, 32)}`;
const arn = "arn:aws:lambda:us-east-1:111122223333:function:agent";
const answering = (configuration: JsonObject | undefined) =>
  readConfigurations({ read: async () => configuration }, "a key of a test");
const failing = (code: FaultCode) =>
  readConfigurations({ read: () => Promise.reject(new Fault(code, `it said ${token}`)) }, "a key of a test");

describe("reading configurations", () => {
  it("tells where a secret stands, of which kind it is, and a fingerprint", async () => {
    const read = await answering({ Environment: { Variables: { HF_TOKEN: token, MODE: "prod" } } }).read([arn]);
    expect(read.get(arn)).toEqual({
      kind: "read",
      secrets: [
        {
          where: "Environment.Variables.HF_TOKEN",
          kind: "huggingface-token",
          fingerprint: expect.stringMatching(/^[0-9a-f]{32}$/),
        },
      ],
    });
    expect(JSON.stringify([...read])).not.toContain(token);
  });

  it("says of a configuration without secrets that it was read", async () => {
    expect((await answering({ Environment: { Variables: { MODE: "prod" } } }).read([arn])).get(arn)).toEqual({
      kind: "read",
      secrets: [],
    });
  });

  it("says why it read nothing, without what the service said", async () => {
    expect((await answering(undefined).read([arn])).get(arn)?.kind).toBe("not-read");
    const denied = (await failing("denied").read([arn])).get(arn);
    expect(denied).toEqual({ kind: "not-read", because: 'the service answered "denied"' });
  });

  it("is asked again where the service was busy", async () => {
    await expect(failing("throttled").read([arn])).rejects.toMatchObject({ code: "throttled" });
  });

  it("reads so many and no more", async () => {
    const many = Array.from({ length: mostThings + 10 }, (_, number) => `${arn}${number}`);
    expect((await answering({}).read(many)).size).toBe(mostThings);
  });
});
