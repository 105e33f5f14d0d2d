import { describe, expect, it } from "vitest";
import { blastRadius } from "../../../../core/detect/grants/blast-radius.ts";
import type { KnownIdentity } from "../../../../core/iam/account/known-identity.ts";
import { type IdentityShape, identityFrom } from "../../../fixtures/known.ts";
import { tables } from "../../../fixtures/tables.ts";

const role = (name: string) => `arn:aws:iam::111122223333:role/${name}`;
const user = (name: string) => `arn:aws:iam::111122223333:user/${name}`;
const policy = (actions: readonly string[], resource: string | readonly string[] = "*") => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: actions, Resource: resource }],
});
const trusting = (principal: unknown, over: Record<string, unknown> = {}) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: principal, Action: "sts:AssumeRole", ...over }],
});
const account = { AWS: "arn:aws:iam::111122223333:root" };
const identity = (arn: string, shape: Partial<IdentityShape> = {}): KnownIdentity => identityFrom({ arn, ...shape });
const radius = (from: KnownIdentity, ...known: readonly KnownIdentity[]) => blastRadius(from, known, tables.iam);
const ways = (from: KnownIdentity, ...known: readonly KnownIdentity[]) =>
  Object.fromEntries(
    radius(from, ...known).reached.map(({ identity: { arn }, steps }) => [
      arn.split("/").at(-1),
      steps.map(({ by }) => (by.kind === "path" ? by.path : by.kind)),
    ]),
  );

describe("what an identity can reach", () => {
  const agent = identity(role("agent"), { policies: { own: policy(["sts:AssumeRole"], role("middle")) } });
  const middle = identity(role("middle"), {
    trust: trusting(account),
    policies: { own: policy(["sts:AssumeRole"]) },
  });
  const admin = identity(role("admin"), { trust: trusting({ AWS: role("middle") }), policies: { own: policy(["*"]) } });
  const after = identity(role("after"), { trust: trusting({ AWS: role("admin") }) });

  it("goes two steps along trust policies, and not three", () => {
    expect(ways(agent, middle, admin, after)).toEqual({
      middle: ["assume-role"],
      admin: ["assume-role", "assume-role"],
    });
    expect(radius(agent, middle, admin).worst.kind).toBe("administrator");
    expect(radius(agent, middle, admin).own.kind).toBe("escalates");
  });

  it("needs both sides where the trust policy names the account, and across accounts", () => {
    const quiet = identity(role("quiet"));
    expect(ways(quiet, middle)).toEqual({});
    expect(ways(agent, identity(role("other"), { trust: trusting(account) }))).toEqual({});
    const foreign = identity("arn:aws:iam::444455556666:role/far", { trust: trusting({ AWS: role("quiet") }) });
    expect(ways(quiet, foreign)).toEqual({});
    expect(ways(identity(role("quiet"), { policies: { own: policy(["sts:AssumeRole"]) } }), foreign)).toEqual({
      far: ["assume-role"],
    });
  });

  it("needs no policy of its own where the trust policy of its account names it", () => {
    expect(ways(identity(role("middle")), admin)).toEqual({ admin: ["assume-role"] });
  });

  it("is stopped by a Deny in the trust policy, and by a boundary", () => {
    const shut = {
      ...trusting({ AWS: role("middle") }),
      Statement: [...trusting({ AWS: role("middle") }).Statement, { Effect: "Deny", Principal: "*", Action: "sts:*" }],
    };
    expect(ways(middle, identity(role("admin"), { trust: shut }))).toEqual({});
    const boundary = { arn: "arn:aws:iam::111122223333:policy/limit", document: policy(["s3:*"]) };
    const bounded = identity(role("agent"), { policies: { own: policy(["sts:AssumeRole"]) }, boundary });
    expect(ways(bounded, middle)).toEqual({});
  });

  it("passes roles only to services that they trust and that the policy names", () => {
    const lambda = identity(role("runner"), { trust: trusting({ Service: "lambda.amazonaws.com" }) });
    const machine = identity(role("machine"), { trust: trusting({ Service: "ec2.amazonaws.com" }) });
    const maker = identity(role("maker"), {
      policies: { own: policy(["lambda:CreateFunction", "lambda:InvokeFunction", "iam:PassRole"]) },
    });
    expect(ways(maker, lambda, machine)).toEqual({ runner: ["lambda:CreateFunction+InvokeFunction+iam:PassRole"] });
    const narrow = identity(role("maker"), {
      policies: {
        make: policy(["lambda:CreateFunction", "lambda:InvokeFunction"]),
        pass: policy(["iam:PassRole"], role("other-*")),
      },
    });
    expect(ways(narrow, lambda)).toEqual({});
  });

  it("runs code in what exists, and takes keys of users", () => {
    const machine = identity(role("machine"), { trust: trusting({ Service: "ec2.amazonaws.com" }) });
    expect(ways(identity(role("ops"), { policies: { own: policy(["ssm:StartSession"]) } }), machine)).toEqual({
      machine: ["ssm:StartSession"],
    });
    const keys = identity(role("keys"), { policies: { own: policy(["iam:CreateAccessKey"], user("eve")) } });
    expect(ways(keys, identity(user("eve")), identity(user("adam")), machine)).toEqual({
      eve: ["iam:CreateAccessKey"],
    });
  });

  it("lists the nearest and mightiest first, counts the rest, and says what it did not look at", () => {
    const many = Array.from({ length: 70 }, (_, at) =>
      identity(role(`r${at}`), {
        trust: trusting({ AWS: role("hub") }),
        ...(at === 69 ? { policies: { own: policy(["*"]) } } : {}),
      }),
    );
    const found = radius(identity(role("hub"), { extent: "part" }), ...many);
    expect([found.reached.length, found.more]).toEqual([64, 6]);
    expect(found.reached[0]?.level.kind).toBe("administrator");
    expect(found.doubts).toEqual(["only some writes to it were seen"]);
    const crowd = Array.from({ length: 5_001 }, (_, at) => identity(role(`c${at}`)));
    expect(radius(identity(role("hub")), ...crowd).doubts).toEqual(["1 identities were not looked at"]);
  });
});
