import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../core/event/json.ts";
import { mask } from "../../../core/event/mask.ts";
import { besideOf, principalOf } from "../../../core/event/user-identity.ts";
import { principalCache } from "../../../core/identity/principal-cache.ts";
import { account, type RecordObject, session, sessionKey, signIn, user } from "../../fixtures/records.ts";

const role = `arn:aws:iam::${account}:role/service/bot`;

describe("reading userIdentity", () => {
  it("given a session, names its role with the path that the issuer shows", () =>
    expect(
      principalOf(session("bot", "s", sessionKey(1), { sessionContext: { sessionIssuer: { arn: role } } })),
    ).toMatchObject({ kind: "assumed-role", role, session: { name: "s" }, accessKeyId: sessionKey(1), account }));

  it("given a session without an issuer, names its role from the session's ARN", () =>
    expect(principalOf(session("bot", "s", sessionKey(1), { sessionContext: null }))).toMatchObject({
      kind: "assumed-role",
      role: `arn:aws:iam::${account}:role/bot`,
    }));

  it("given a session of which nobody names the role, is unknown and not guessed", () => {
    for (const arn of ["", "arn:aws:sts::111122223333:federated-user/x", "arn:aws:sts::1:assumed-role/x/y"])
      expect(principalOf({ type: "AssumedRole", principalId: "AROA:x", arn })).toMatchObject({
        kind: "unknown",
        type: "AssumedRole",
      });
  });

  it("given what AWS wrote about a session, keeps it; given half of it, leaves it out", () => {
    const scope = { issuerType: "AWS::Lambda::Function", credentialsIssuedTo: "arn:aws:lambda:::f" };
    const context = {
      attributes: { creationDate: "2026-01-31T12:00:00Z" },
      ec2RoleDelivery: "2.0",
      sourceIdentity: "alice",
      sessionIssuer: { arn: role },
    };
    const full = principalOf(session("bot", "s", sessionKey(1), { inScopeOf: scope, sessionContext: context }));
    expect(full).toMatchObject({
      session: {
        inScopeOf: scope,
        ec2RoleDelivery: "2.0",
        sourceIdentity: "alice",
        startedAt: Date.UTC(2026, 0, 31, 12),
      },
    });
    const half = principalOf(
      session("bot", "s", sessionKey(1), {
        inScopeOf: { issuerType: "x" },
        sessionContext: { attributes: { creationDate: "x" } },
      }),
    );
    expect(half.kind === "assumed-role" && half.session).toEqual({ name: "s" });
  });

  it("keeps a session name that holds colons whole", () =>
    expect(principalOf({ ...session("bot", "x", sessionKey(1)), principalId: "AROA:a:b" })).toMatchObject({
      session: { name: "a:b" },
    }));

  it("treats what is not a key id or an account as absent", () => {
    const odd = principalOf(user({ accessKeyId: "", accountId: "anonymous", arn: null, principalId: 7 }));
    expect(odd).toEqual({ kind: "iam-user", userName: "trainer" });
  });

  it.each([
    ["IAMUser", {}, { kind: "iam-user" }],
    ["Root", {}, { kind: "root" }],
    ["Role", {}, { kind: "role" }],
    ["Directory", {}, { kind: "directory" }],
    ["FederatedUser", {}, { kind: "federated-user", session: { name: "" } }],
    [
      "SAMLUser",
      { identityProvider: "p", userName: "u" },
      { kind: "saml-user", provider: "p", subject: "u", proven: false },
    ],
    ["WebIdentityUser", { userName: "u" }, { kind: "web-identity-user", provider: "", subject: "u", proven: false }],
    [
      "IdentityCenterUser",
      { onBehalfOf: { userId: "u", identityStoreArn: "s" } },
      {
        kind: "identity-center-user",
        onBehalfOf: { userId: "u", identityStoreArn: "s" },
        userId: "u",
        identityStoreArn: "s",
      },
    ],
    ["AWSAccount", { accountId: account }, { kind: "aws-account", account }],
    [
      "AWSService",
      { invokedBy: "x.amazonaws.com" },
      { kind: "aws-service", invokedBy: "x.amazonaws.com", service: "x.amazonaws.com" },
    ],
    ["Unknown", {}, { kind: "unknown", type: "Unknown" }],
    ["Martian", {}, { kind: "unknown", type: "Martian" }],
  ])("given the type %s, says no more than that", (type, over, principal) =>
    expect(principalOf({ type, ...over })).toEqual(principal),
  );

  it("given no type, is a service only where one is named", () => {
    expect(principalOf({ accountId: account, invokedBy: "AWS Internal" })).toMatchObject({
      kind: "aws-service",
      service: "AWS Internal",
    });
    expect(principalOf({})).toEqual({ kind: "unknown", type: "" });
    expect(principalOf({ type: null })).toEqual({ kind: "unknown", type: "" });
  });

  it("cuts a type that goes on and on", () =>
    expect(principalOf({ type: "x".repeat(10_000) })).toEqual({ kind: "unknown", type: "x".repeat(64) }));
});

describe("reading what stands beside userIdentity", () => {
  it.each([true, "true"])("knows the console by its mark beside the identity (%s)", (mark) => {
    const made = (record: JsonObject) => principalOf(user({}), besideOf(record));
    expect(made({ sessionCredentialFromConsole: mark }).console).toBe(true);
    expect(made({}).console).toBeUndefined();
    expect(made({ sessionCredentialFromConsole: "false" }).console).toBeUndefined();
  });

  const signer = (over: RecordObject) => {
    const one = signIn("Success", over);
    return principalOf(user({ accessKeyId: undefined }), besideOf(one as JsonObject));
  };

  it("given a sign-in that AWS let through, marks it as the console's", () =>
    expect(signer({})).toMatchObject({ kind: "iam-user", console: true }));

  it("given a sign-in that failed, or a new password that anybody can ask for, says that nobody proved to be this user", () => {
    for (const responseElements of [{ ConsoleLogin: "Failure" }, { PasswordRecoveryRequested: "Success" }]) {
      expect(signer({ responseElements })).toMatchObject({ unproven: true });
      expect(signer({ responseElements })).not.toHaveProperty("console");
    }
  });

  it("given another record with such an answer, marks nothing", () =>
    expect(signer({ eventType: "AwsApiCall" })).toEqual(principalOf(user({ accessKeyId: undefined }))));

  it("numbers a sign-in that failed apart from one that did not", () => {
    const cache = principalCache();
    const identity = user({ accessKeyId: undefined });
    const numbers = (["Success", "Failure", "Success"] as const).map((outcome) =>
      cache.numberOf(identity, besideOf(signIn(outcome) as JsonObject)),
    );
    expect(numbers).toEqual([0, 1, 0]);
  });

  it("reads the mark of a bearer token, as a boolean or as text, also behind the mask", () => {
    for (const callWithBearerToken of [true, "true"])
      expect(besideOf(mask({ additionalEventData: { callWithBearerToken } })).bearer).toBe(true);
    expect(besideOf({ additionalEventData: { callWithBearerToken: false } }).bearer).toBe(false);
  });
});
