import { describe, expect, test } from "vitest";
import { readCaller } from "../../../adapters/aws/caller.ts";
import { account, at, awsError, fakeCaller, virtualTime } from "./fake-aws.ts";

const { sleep } = virtualTime(at("2026-11-20T12:00:00Z"));

describe("asking who the caller is", () => {
  test("answers with account, ARN and partition", async () => {
    expect(await readCaller(fakeCaller().client, sleep)).toEqual({
      kind: "signed-in",
      account,
      arn: `arn:aws:iam::${account}:user/reader`,
      partition: "aws",
    });
  });

  test.each(["CredentialsProviderError", "ExpiredToken", "InvalidClientTokenId"])(
    "given %s, says that nobody is signed in, after one request",
    async (name) => {
      const fake = fakeCaller(() => {
        throw awsError(name, "Could not load credentials from any providers");
      });
      expect(await readCaller(fake.client, sleep)).toMatchObject({ kind: "nobody" });
      expect(fake.sent).toHaveLength(1);
    },
  );

  test("given a dead network, fails as unreachable and not as signed out", async () => {
    const fake = fakeCaller(() => {
      throw Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
    });
    await expect(readCaller(fake.client, sleep)).rejects.toMatchObject({ code: "unreachable" });
  });
});
