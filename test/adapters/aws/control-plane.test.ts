import { describe, expect, it } from "vitest";
import { calls as denyCalls } from "../../../adapters/aws/iam-deny.calls.ts";
import { calls as documentCalls } from "../../../adapters/aws/iam-documents.calls.ts";
import { calls as releaseCalls } from "../../../adapters/aws/iam-release.calls.ts";
import { memberPlane, type Parts } from "../../../adapters/aws/member-plane.ts";
import type { Change } from "../../../core/respond/change.ts";
import { denyAllArn, gradePolicyArn } from "../../../core/respond/deny-policies.ts";
import type { Holder, Slot } from "../../../core/respond/slot.ts";
import { slotCalls } from "../../../core/respond/slot-calls.ts";
import { containParts } from "../../../functions/contain.ts";
import { releaseParts } from "../../../functions/release.ts";
import { rewriteParts } from "../../../functions/rewrite.ts";
import { verifyParts } from "../../../functions/verify.ts";
import { account, awsError, type Sent } from "./fake-aws.ts";

const role: Holder = { kind: "role", arn: `arn:aws:iam::${account}:role/ai/support-bot` };
const user: Holder = { kind: "user", arn: `arn:aws:iam::${account}:user/ci-legacy` };
const denyAll = denyAllArn("aws");
const deny = { Version: "2012-10-17", Statement: [{ Effect: "Deny", Action: "*", Resource: "*" }] };
const allow = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };
const token = "0123456789abcdef0123456789abcdef";

/** An account that answers every call alike; what it was sent, and under which session name. */
function planeOf(parts: Parts, answer: (sent: Sent) => unknown = () => ({})) {
  const sent: (Sent & { readonly session: string })[] = [];
  const client = (session: string) => ({
    async send(command: { readonly input: object }): Promise<never> {
      const one = { name: command.constructor.name.replace("Command", ""), input: { ...command.input } };
      sent.push({ ...one, session });
      return answer(one) as never;
    },
  });
  const made = async (session: string) => client(session);
  const members = {
    clientsFor: () => ({ iam: made, lambda: made, scaling: made }),
    partition: "aws",
    sleep: async () => undefined,
  };
  const plane = memberPlane({ account, caseId: "case-1" }, parts, members);
  return { sent, plane, write: (change: Change) => plane.write(change, { caseId: "case-1", token }) };
}

const attach: Change = {
  slot: { kind: "attached-policy", holder: role, policy: denyAll },
  before: null,
  after: "attached",
};
const undone = ({ slot, before, after }: Change): Change => ({ slot, before: after, after: before });
const key: Change = {
  slot: { kind: "access-key", user: user.arn, accessKeyId: "AKIAIOSFODNN7EXAMPLE" },
  before: "Active",
  after: "Inactive",
};
const credential: Change = {
  slot: { kind: "service-credential", user: user.arn, credentialId: "ACCAEXAMPLE000000001" },
  before: "Active",
  after: "Inactive",
};
const bound: Change = { slot: { kind: "boundary", holder: user }, before: null, after: denyAll };
const mark: Change = { slot: { kind: "tag", holder: user, key: "quarantine:case" }, before: null, after: "case-1" };
const inline: Change = {
  slot: { kind: "inline-policy", holder: user, name: "cordon-case-1-revoke" },
  before: null,
  after: deny,
};
const trust: Change = { slot: { kind: "trust", role: role.arn }, before: allow, after: deny };

describe("what each function can set", () => {
  it("is for contain a deny, and nothing that takes one off", async () => {
    const { write, sent } = planeOf(containParts);
    for (const one of [attach, key, credential, bound, mark]) {
      expect(await write(one)).toEqual({ kind: "accepted" });
      expect(await write(undone(one))).toMatchObject({ kind: "refused", code: "denied" });
    }
    expect(sent.map(({ name }) => name)).toEqual([
      ...["AttachRolePolicy", "UpdateAccessKey", "UpdateServiceSpecificCredential", "PutUserPermissionsBoundary"],
      "TagUser",
    ]);
    expect(sent[1]?.input).toEqual({
      UserName: "ci-legacy",
      AccessKeyId: "AKIAIOSFODNN7EXAMPLE",
      Status: "Inactive",
    });
  });

  it("is for release the way back, and nothing that contains", async () => {
    const { write, sent } = planeOf(releaseParts);
    for (const one of [attach, key, credential, bound, mark]) {
      expect(await write(undone(one))).toEqual({ kind: "accepted" });
      expect(await write(one)).toMatchObject({ kind: "refused", code: "denied" });
    }
    expect(sent.map(({ name }) => name)).toEqual([
      ...["DetachRolePolicy", "UpdateAccessKey", "UpdateServiceSpecificCredential", "DeleteUserPermissionsBoundary"],
      "UntagUser",
    ]);
  });

  it("is a document for rewrite alone", async () => {
    for (const parts of [containParts, releaseParts, verifyParts])
      for (const one of [inline, undone(inline), trust])
        expect(await planeOf(parts).write(one)).toMatchObject({ kind: "refused", code: "denied" });
    const { write, sent } = planeOf(rewriteParts);
    for (const one of [inline, undone(inline), trust]) expect(await write(one)).toEqual({ kind: "accepted" });
    expect(sent.map(({ name }) => name)).toEqual(["PutUserPolicy", "DeleteUserPolicy", "UpdateAssumeRolePolicy"]);
    expect(sent[0]?.input["PolicyDocument"]).toBe(JSON.stringify(deny));
  });

  it("is never another policy, another name or another label than ours", async () => {
    const own = `arn:aws:iam::${account}:policy/own`;
    const other = gradePolicyArn("deny-spend", { partition: "aws", account: "444455556666" });
    const strange: readonly Change[] = [
      { ...attach, slot: { kind: "attached-policy", holder: role, policy: own } },
      { ...attach, slot: { kind: "attached-policy", holder: role, policy: other } },
      { ...bound, after: own },
      { ...mark, slot: { kind: "tag", holder: user, key: "team" } },
      { ...inline, slot: { kind: "inline-policy", holder: user, name: "own" } },
      { ...inline, after: allow },
      { ...undone(bound), before: own },
    ];
    for (const parts of [containParts, releaseParts, rewriteParts])
      for (const one of strange) {
        const { write, sent } = planeOf(parts);
        expect(await write(one)).toMatchObject({ kind: "refused", code: "denied" });
        expect(sent).toEqual([]);
      }
  });

  it("is nothing that has no part, said by its name", async () => {
    const nobody: readonly Slot[] = [
      { kind: "ssh-key", user: user.arn, keyId: "APKAEXAMPLE" },
      { kind: "run", service: "batch", arn: `arn:aws:batch:us-east-1:${account}:job/1` },
      { kind: "gateway-target", gateway: "g", target: "t" },
      { kind: "cluster-access", cluster: `arn:aws:eks:us-east-1:${account}:cluster/c`, principal: role.arn },
    ];
    for (const slot of nobody)
      for (const parts of [containParts, releaseParts, rewriteParts, verifyParts]) {
        const { plane, write, sent } = planeOf(parts);
        await expect(plane.read(slot)).rejects.toMatchObject({
          code: "misconfigured",
          message: expect.stringContaining(slot.kind),
        });
        expect(await write({ slot, before: null, after: "x" })).toMatchObject({
          because: expect.stringContaining(slot.kind),
        });
        expect(sent).toEqual([]);
      }
  });

  it("is only in its own account and for its own case", async () => {
    const { plane, write, sent } = planeOf(containParts);
    const slot: Slot = { ...attach.slot, holder: { kind: "role", arn: "arn:aws:iam::444455556666:role/x" } } as Slot;
    expect(await write({ ...attach, slot })).toMatchObject({ kind: "refused" });
    expect(await plane.write(attach, { caseId: "case-2", token })).toMatchObject({ kind: "refused" });
    expect(await plane.snapshot("arn:aws:iam::444455556666:role/x")).toBeUndefined();
    await expect(plane.read(slot)).rejects.toMatchObject({ code: "misconfigured" });
    expect(sent).toEqual([]);
  });

  it("sets only what the plans' table of calls names", () => {
    const known = new Set(Object.values(slotCalls).flatMap(({ sets, undoes }) => [...sets, ...undoes]));
    for (const { api } of [...denyCalls, ...documentCalls, ...releaseCalls]) expect(known).toContain(api);
  });
});

describe("what an account answers", () => {
  const answered = (cause: Error) =>
    planeOf(containParts, () => {
      throw cause;
    }).write(attach);

  it.each([
    ["LimitExceededException", "limit"],
    ["NoSuchEntityException", "gone"],
    ["NoSuchEntity", "gone"],
    ["UnmodifiableEntityException", "unmodifiable"],
    ["MalformedPolicyDocumentException", "malformed"],
    ["AccessDenied", "denied"],
  ])("%s is a no for good: %s", async (name, code) => {
    expect(await answered(awsError(name))).toMatchObject({ kind: "refused", code });
  });

  it.each(["ConcurrentModificationException", "EntityTemporarilyUnmodifiableException", "Throttling", "SomethingNew"])(
    "%s has to be read back",
    async (name) => expect(await answered(awsError(name, name, 409))).toMatchObject({ kind: "ambiguous" }),
  );

  it("is unclear after a server error, a reset, and what is no answer of AWS's", async () => {
    expect(await answered(awsError("ServiceFailure", "x", 500))).toMatchObject({ kind: "ambiguous" });
    expect(await answered(Object.assign(new Error("reset"), { code: "ECONNRESET" }))).toMatchObject({
      kind: "ambiguous",
    });
    expect(await answered(Object.assign(new Error("<html>"), { $response: {} }))).toMatchObject({ kind: "ambiguous" });
  });

  it("is thrown when it is about our credentials, or a bug of ours", async () => {
    await expect(answered(awsError("ExpiredToken"))).rejects.toMatchObject({ code: "misconfigured" });
    await expect(answered(new TypeError("undefined"))).rejects.toBeInstanceOf(TypeError);
  });

  it("is asked for once in a write and in a reading, and again for a state", async () => {
    const busy = planeOf(containParts, () => {
      throw awsError("Throttling");
    });
    expect(await busy.write(attach)).toMatchObject({ kind: "ambiguous" });
    await expect(busy.plane.read(attach.slot)).rejects.toMatchObject({ code: "throttled" });
    expect(busy.sent).toHaveLength(2);
    await expect(busy.plane.snapshot(role.arn)).rejects.toMatchObject({ code: "throttled" });
    expect(busy.sent).toHaveLength(10);
  });

  it("is about a call whose session names the case, and in a write the step", async () => {
    const { plane, write, sent } = planeOf(containParts);
    await write(attach);
    await plane.read(attach.slot);
    expect(sent.map(({ session }) => session)).toEqual([`cordon-case-1-${token}`, "cordon-case-1-reading"]);
  });
});
