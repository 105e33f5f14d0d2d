import { describe, expect, it } from "vitest";
import { roleArn } from "../../fixtures/incident.ts";
import {
  account,
  assumeRole,
  chain,
  fromInstance,
  fromLambda,
  fromServiceAccount,
  record,
  session,
  sessionKey,
  user,
} from "../../fixtures/records.ts";
import { attributionOf, manifestOf } from "./behind.ts";

const [, , read = record()] = chain();
const lambdaScope = {
  issuerType: "AWS::Lambda::Function",
  credentialsIssuedTo: `arn:aws:lambda:us-east-1:${account}:function:f`,
};
const byService = { type: "AWSService", invokedBy: "ecs-tasks.amazonaws.com" };

describe("attribution", () => {
  it("takes what AWS asserts before what an issuing call links, a manifest names or a name suggests", () => {
    const inside = session("bot", "i-0123456789abcdef0", sessionKey(23), { inScopeOf: lambdaScope });
    const asserted = attributionOf(record({ userIdentity: inside }), [fromServiceAccount()]);
    expect(asserted).toMatchObject({
      class: "asserted",
      id: `lambda:${lambdaScope.credentialsIssuedTo}`,
      confidence: "high",
    });
    const bare = record({ userIdentity: session("bot", "i-0123456789abcdef0", sessionKey(23)) });
    expect(attributionOf(bare, [fromServiceAccount()])).toMatchObject({ class: "linked", confidence: "high" });
    expect(attributionOf(bare, [], manifestOf("bot"))).toMatchObject({
      class: "indexed",
      id: "declared-0",
      declared: true,
      confidence: "high",
    });
    expect(attributionOf(bare)).toMatchObject({ class: "inferred", confidence: "low", declared: false });
  });

  it("takes the nearest hop within a class, and gives the name behind an issuing call medium confidence", () => {
    const both = attributionOf(read, chain(), manifestOf("a", "b"));
    expect(both).toMatchObject({
      class: "indexed",
      id: "declared-1",
      confidence: "high",
    });
    const behind = attributionOf(read, chain(), manifestOf("a"));
    expect(behind).toMatchObject({ class: "indexed", id: "declared-0", confidence: "medium" });
  });

  it("links what AWS asserted about the caller of the issuing call; the root is that far end", () => {
    const caller = session("bot", "f", sessionKey(21), { inScopeOf: lambdaScope });
    const call = record({ userIdentity: session("b", "s", sessionKey(30)) });
    const found = attributionOf(call, [assumeRole(caller, "b", sessionKey(30))], manifestOf("b"));
    const id = `lambda:${lambdaScope.credentialsIssuedTo}`;
    expect(found).toMatchObject({
      kind: "workload",
      class: "linked",
      id,
      confidence: "high",
      root: { kind: "workload", id },
    });
  });

  it("goes on to the root behind a running thing, where the two differ", () => {
    const inside = session("bot", "f", sessionKey(1), { inScopeOf: lambdaScope });
    const found = attributionOf(record({ userIdentity: inside }), [assumeRole(user(), "bot", sessionKey(1))]);
    expect(found).toMatchObject({
      id: `lambda:${lambdaScope.credentialsIssuedTo}`,
      root: { kind: "unknown", id: `user:arn:aws:iam::${account}:user/trainer` },
    });
  });

  it("is contested, never guessed, when two claims of one class disagree about one hop", () => {
    const issued = fromServiceAccount({ userIdentity: { ...Object(fromServiceAccount()["userIdentity"]) } });
    const call = record({ userIdentity: session("a", "s", sessionKey(30)) });
    const caller = session("bot", "f", sessionKey(23), { inScopeOf: lambdaScope });
    const found = attributionOf(call, [issued, assumeRole(caller, "a", sessionKey(30))]);
    expect(found).toMatchObject({ kind: "contested", confidence: "low", root: { kind: "unknown" } });
    expect(found.kind === "contested" && found.claims).toHaveLength(2);
    expect(attributionOf(record({ userIdentity: caller }), [issued]).kind, "of two classes the stronger wins").toBe(
      "workload",
    );
  });

  it("names what a service runs by its manifest, and never takes the service that issued the session for it", () => {
    const issued = assumeRole(byService, "task", sessionKey(1));
    const call = record({ userIdentity: session("task", "s", sessionKey(1)) });
    expect(attributionOf(call, [issued], manifestOf("task"))).toMatchObject({
      kind: "workload",
      id: "declared-0",
      class: "indexed",
      root: { kind: "workload", id: "declared-0" },
    });
    expect(attributionOf(call, [issued])).toMatchObject({
      kind: "unattributed",
      id: `role:${roleArn("task")}`,
      because: expect.stringContaining("ecs-tasks.amazonaws.com issued the session"),
      root: { kind: "unknown", id: `role:${roleArn("task")}` },
    });
  });

  it("leaves a bare role or key unattributed, under the name that lasts, and says why", () => {
    const bare = attributionOf(record({ userIdentity: session("a", "s", sessionKey(1)) }));
    expect(bare).toMatchObject({
      kind: "unattributed",
      id: `role:${roleArn("a")}`,
      confidence: "low",
      because: expect.stringContaining("bare role"),
    });
    expect(attributionOf(record())).toMatchObject({
      kind: "unattributed",
      id: `user:arn:aws:iam::${account}:user/trainer`,
    });
    expect(attributionOf(record({ userIdentity: { type: "Martian" } }))).not.toHaveProperty("id");
  });

  it("does not believe a session's name over what AWS wrote", () => {
    expect(attributionOf(fromLambda())).toMatchObject({ class: "asserted", kind: "workload" });
    const forged = session("somebody", "support-bot", sessionKey(5));
    expect(attributionOf(record({ userIdentity: forged }), [], manifestOf("support-bot"))).toMatchObject({
      kind: "unattributed",
    });
    expect(attributionOf(fromInstance()).confidence).not.toBe("high");
  });
});

it.each([
  [`arn:aws:iam::${account}:user/ci`, `user:arn:aws:iam::${account}:user/ci`],
  [`arn:aws:iam::${account}:root`, `root:${account}`],
  ["anything", undefined],
])("names a federated session that nobody is known by after who asked for it: %s", (issuer, id) => {
  const attribution = attributionOf(
    record({
      userIdentity: {
        type: "FederatedUser",
        principalId: `${account}:bob`,
        arn: `arn:aws:sts::${account}:federated-user/bob`,
        accountId: account,
        accessKeyId: sessionKey(1),
        sessionContext: { sessionIssuer: { type: "IAMUser", arn: issuer } },
      },
    }),
  );
  expect(attribution).toMatchObject({ kind: "unattributed", ...(id === undefined ? {} : { id }) });
  expect("id" in attribution).toBe(id !== undefined);
});
