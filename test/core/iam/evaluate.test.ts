import { describe, expect, it } from "vitest";
import { type CompiledPolicy, compilePolicies } from "../../../core/iam/compiled-policy.ts";
import { type ContextValue, contextOf } from "../../../core/iam/context.ts";
import { evaluate, type Layers } from "../../../core/iam/evaluate.ts";
import { hiddenRules } from "../../../core/iam/hidden-rules.ts";
import { parsePolicy } from "../../../core/iam/policy.ts";

const user = "arn:aws:iam::111122223333:user/ann";
const role = "arn:aws:iam::111122223333:role/bot";
const session = "arn:aws:sts::111122223333:assumed-role/bot/run-1";
const object = "arn:aws:s3:::bucket/key";

const policy = (...statements: readonly object[]): CompiledPolicy => {
  const Statement = statements.map((one) => ({ Effect: "Allow", Action: "*", Resource: "*", ...one }));
  const parsed = parsePolicy({ Version: "2012-10-17", Statement });
  if (!parsed.ok) throw new Error(parsed.because);
  return compilePolicies([parsed.document]);
};
const all = policy({});
const none = compilePolicies([]);
const other = policy({ Action: "ec2:*" });
const deny = policy({ Effect: "Deny", Sid: "Never" });

interface Asked {
  readonly action?: string;
  readonly resource?: string;
  readonly account?: string;
  readonly principal?: string;
  readonly context?: Readonly<Record<string, ContextValue>>;
}
const ask = (layers: Partial<Layers>, { action, resource, account, principal, context }: Asked = {}) =>
  evaluate(
    {
      action: action ?? "s3:GetObject",
      resource: resource ?? object,
      resourceAccount: account,
      principal: principal ?? user,
      context: contextOf(context ?? {}),
      wildcardOnly: false,
    },
    { identityPolicies: none, ...layers },
  );
const decision = (layers: Partial<Layers>, asked: Asked = {}) => ask(layers, asked).decision;

describe("evaluating a request", () => {
  it("names the statement that allows, and the layers that were not given", () =>
    expect(ask({ identityPolicies: policy({ Action: "ec2:*" }, { Sid: "Read" }) })).toEqual({
      decision: "Allowed",
      because: [
        { kind: "statement", layer: "identityPolicies", policy: 0, statement: 1, sid: "Read", effect: "Allow" },
      ],
      notConsidered: ["resourcePolicy", "serviceControlPolicies", "resourceControlPolicies"],
    }));

  it("says which layer allows nothing", () =>
    expect(ask({ permissionBoundaries: all, sessionPolicy: other })).toMatchObject({
      decision: "ImplicitlyDenied",
      because: [
        { kind: "nothing-allows", layer: "identityPolicies" },
        { kind: "nothing-allows", layer: "sessionPolicy" },
      ],
    }));

  it("lets every layer limit, and any of them deny", () => {
    for (const layer of ["permissionBoundaries", "sessionPolicy"] as const) {
      expect(decision({ identityPolicies: all, [layer]: all })).toBe("Allowed");
      expect(decision({ identityPolicies: all, [layer]: other })).toBe("ImplicitlyDenied");
      expect(ask({ identityPolicies: all, [layer]: deny })).toMatchObject({
        decision: "ExplicitlyDenied",
        because: [{ layer, sid: "Never", effect: "Deny" }],
      });
    }
  });

  it("wants every level of service control policies to allow", () => {
    expect(decision({ identityPolicies: all, serviceControlPolicies: [all, all] })).toBe("Allowed");
    expect(ask({ identityPolicies: all, serviceControlPolicies: [all, other] })).toMatchObject({
      decision: "ImplicitlyDenied",
      because: [{ kind: "nothing-allows", layer: "serviceControlPolicies", level: 1 }],
      notConsidered: ["resourcePolicy", "resourceControlPolicies"],
    });
    expect(decision({ identityPolicies: all, serviceControlPolicies: [deny, all] })).toBe("ExplicitlyDenied");
  });

  it("leaves service-linked roles out of service control policies", () => {
    const linked = "arn:aws:iam::111122223333:role/aws-service-role/batch.amazonaws.com/AWSServiceRoleForBatch";
    const layers = { identityPolicies: all, serviceControlPolicies: [other] };
    expect(decision(layers, { principal: linked })).toBe("Allowed");
    expect(decision(layers, { principal: role })).toBe("ImplicitlyDenied");
    const denying = { identityPolicies: all, serviceControlPolicies: [deny] };
    expect(decision(denying, { principal: linked })).toBe("Allowed");
  });

  it("lets resource control policies only deny", () => {
    const denies = policy({ Effect: "Deny", Principal: "*", Action: "s3:*" });
    const allows = policy({ Principal: "*" });
    expect(ask({ identityPolicies: all, resourceControlPolicies: [none, allows] })).toMatchObject({
      decision: "Allowed",
      because: [{ layer: "identityPolicies" }],
    });
    expect(ask({ identityPolicies: all, resourceControlPolicies: [allows] }).because).toHaveLength(1);
    expect(decision({ identityPolicies: all, resourceControlPolicies: [none, denies] })).toBe("ExplicitlyDenied");
  });

  it("knows what AWS puts into every request", () => {
    const when = (key: string, value: string) => policy({ Condition: { StringEquals: { [key]: value } } });
    const allowed = (key: string, value: string, asked: Asked = {}) =>
      decision({ identityPolicies: when(key, value) }, asked) === "Allowed";
    expect(allowed("aws:username", "ann")).toBe(true);
    expect(allowed("aws:PrincipalAccount", "111122223333")).toBe(true);
    expect(allowed("aws:PrincipalArn", role, { principal: session })).toBe(true);
    expect(allowed("aws:PrincipalType", "AssumedRole", { principal: session })).toBe(true);
    expect(allowed("aws:ResourceAccount", "111122223333", { account: "111122223333" })).toBe(true);
    expect(allowed("aws:username", "ann", { principal: session })).toBe(false);
    expect(allowed("aws:username", "bob", { context: { "AWS:UserName": "bob" } })).toBe(true);
  });
});

describe("a resource's own policy, in one account", () => {
  const named = (Principal: unknown) => policy({ Principal });
  const own = (Principal: unknown, principal: string, more: Partial<Layers> = {}) =>
    decision({ resourcePolicy: named(Principal), ...more }, { principal });

  it.each([
    ["the user", { AWS: user }, user],
    ["everybody", "*", user],
    ["the session", { AWS: session }, session],
    ["the session's role", { AWS: role }, session],
    ["the session's role, which has a path", { AWS: "arn:aws:iam::111122223333:role/team/bot" }, session],
    ["a service", { Service: "lambda.amazonaws.com" }, "lambda.amazonaws.com"],
    ["an identity provider", { Federated: "accounts.google.com" }, "accounts.google.com"],
    ["the root user", { AWS: "111122223333" }, "arn:aws:iam::111122223333:root"],
  ])("suffices when it names %s", (_, principal, caller) => expect(own(principal, caller)).toBe("Allowed"));

  it.each([
    ["the account", { AWS: "111122223333" }, user],
    ["another user", { AWS: "arn:aws:iam::111122223333:user/bob" }, user],
    ["a pattern, which AWS does not read", { AWS: "arn:aws:iam::111122223333:user/*" }, user],
    ["a role of that name elsewhere", { AWS: "arn:aws:iam::444455556666:role/bot" }, session],
    ["another role", { AWS: "arn:aws:iam::111122223333:role/robot" }, session],
    ["another service", { Service: "ec2.amazonaws.com" }, "lambda.amazonaws.com"],
    ["a deleted user", { AWS: "AIDAEXAMPLEID" }, user],
  ])("does not suffice when it names %s", (_, principal, caller) =>
    expect(own(principal, caller)).toBe("ImplicitlyDenied"),
  );

  it("gives the account's name to identity policies to use", () =>
    expect(own({ AWS: "111122223333" }, user, { identityPolicies: all })).toBe("Allowed"));

  it("goes past a boundary for a user or a session it names, not for a role", () => {
    expect(own({ AWS: user }, user, { permissionBoundaries: other })).toBe("Allowed");
    expect(own({ AWS: session }, session, { permissionBoundaries: other, sessionPolicy: other })).toBe("Allowed");
    expect(own({ AWS: role }, session, { permissionBoundaries: other })).toBe("ImplicitlyDenied");
    expect(own({ AWS: role }, session, { sessionPolicy: other })).toBe("ImplicitlyDenied");
  });

  it("denies those it names, and with NotPrincipal all but those", () => {
    const denies = (principals: object) => ({
      identityPolicies: all,
      resourcePolicy: policy({ Effect: "Deny", ...principals }),
    });
    expect(decision(denies({ Principal: { AWS: "111122223333" } }))).toBe("ExplicitlyDenied");
    expect(decision(denies({ Principal: { AWS: "444455556666" } }))).toBe("Allowed");
    expect(decision(denies({ NotPrincipal: { AWS: user } }))).toBe("Allowed");
    expect(decision(denies({ NotPrincipal: { AWS: "arn:aws:iam::111122223333:user/bob" } }))).toBe("ExplicitlyDenied");
    expect(decision(denies({ NotPrincipal: { AWS: "111122223333" } }))).toBe("ExplicitlyDenied");
  });

  it("decides about a role's trust when it is given", () => {
    const asked = { action: "sts:AssumeRole", resource: "arn:aws:iam::111122223333:role/deploy" };
    expect(decision({ identityPolicies: all }, asked)).toBe("Allowed");
    expect(decision({ identityPolicies: all, resourcePolicy: policy({ Principal: { AWS: role } }) }, asked)).toBe(
      "ImplicitlyDenied",
    );
  });
});

describe("across accounts", () => {
  const away = { account: "444455556666" };

  it("identity policies alone never suffice", () =>
    expect(ask({ identityPolicies: all }, away)).toMatchObject({
      decision: "ImplicitlyDenied",
      because: [{ kind: "rule", rule: "cross-account" }],
    }));

  it("both sides have to allow", () => {
    const resourcePolicy = policy({ Principal: { AWS: user } });
    expect(decision({ identityPolicies: all, resourcePolicy }, away)).toBe("Allowed");
    expect(decision({ identityPolicies: all, permissionBoundaries: other, resourcePolicy }, away)).toBe(
      "ImplicitlyDenied",
    );
    expect(decision({ resourcePolicy }, away)).toBe("ImplicitlyDenied");
  });

  it("the account is read from the ARN when it is not given", () => {
    const queue = (account: string) => ({
      action: "sqs:SendMessage",
      resource: `arn:aws:sqs:us-east-1:${account}:jobs`,
    });
    expect(decision({ identityPolicies: all }, queue("444455556666"))).toBe("ImplicitlyDenied");
    expect(decision({ identityPolicies: all }, queue("111122223333"))).toBe("Allowed");
  });
});

describe("what AWS decides without a policy", () => {
  const iam = (name: string, resource: string) => ({ action: `iam:${name}`, resource: `arn:aws:iam::${resource}` });
  const reserved = "111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef";

  it("lets everybody ask who they are, even when denied", () =>
    expect(decision({ identityPolicies: deny }, { action: "sts:GetCallerIdentity", resource: "*" })).toBe("Allowed"));

  it("lets users get a session token, unless denied or outside the boundary", () => {
    const asked = { action: "sts:GetSessionToken", resource: "*" };
    expect(decision({}, asked)).toBe("Allowed");
    expect(decision({ identityPolicies: deny }, asked)).toBe("ExplicitlyDenied");
    expect(decision({ permissionBoundaries: other }, asked)).toBe("ImplicitlyDenied");
  });

  it.each([
    ["a reserved role", iam("PutRolePolicy", reserved), iam("GetRole", reserved)],
    ["an AWS-managed policy", iam("CreatePolicyVersion", "aws:policy/X"), iam("GetPolicy", "aws:policy/X")],
    [
      "a service-linked role",
      iam("AttachRolePolicy", "111122223333:role/aws-service-role/a.amazonaws.com/AWSServiceRoleForA"),
      iam("GetRole", "111122223333:role/aws-service-role/a.amazonaws.com/AWSServiceRoleForA"),
    ],
    [
      "an alias of AWS",
      { action: "kms:UpdateAlias", resource: "arn:aws:kms:us-east-1:111122223333:alias/aws/s3" },
      { action: "kms:UpdateAlias", resource: "arn:aws:kms:us-east-1:111122223333:alias/own" },
    ],
  ])("protects %s, whatever policies allow", (_, refused, allowed) => {
    expect(ask({ identityPolicies: all }, refused)).toMatchObject({
      decision: "ImplicitlyDenied",
      because: [{ kind: "rule" }],
    });
    expect(decision({ identityPolicies: all }, allowed)).toBe("Allowed");
    expect(decision({ identityPolicies: deny }, refused)).toBe("ExplicitlyDenied");
  });

  it("lets AWS-managed policies be read from every account", () =>
    expect(decision({ identityPolicies: all }, { ...iam("GetPolicy", "aws:policy/X"), account: "aws" })).toBe(
      "Allowed",
    ));

  it("leaves a key to its key policy", () => {
    const asked = { action: "kms:Decrypt", resource: "arn:aws:kms:us-east-1:111122223333:key/k" };
    const account = policy({ Principal: { AWS: "111122223333" } });
    expect(decision({ identityPolicies: all }, asked)).toBe("ImplicitlyDenied");
    expect(decision({ identityPolicies: all, resourcePolicy: account }, asked)).toBe("Allowed");
    expect(decision({ resourcePolicy: account }, asked)).toBe("ImplicitlyDenied");
  });

  it("has a source for every rule, and an id of its own", () => {
    expect(new Set(hiddenRules.map(({ id }) => id)).size).toBe(hiddenRules.length);
    for (const { source } of hiddenRules) expect(source).toMatch(/^https:\/\/docs\.aws\.amazon\.com\//);
  });

  it("needs no identity policy for the root user", () =>
    expect(decision({}, { principal: "arn:aws:iam::111122223333:root" })).toBe("Allowed"));
});
