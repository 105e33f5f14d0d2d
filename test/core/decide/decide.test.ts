import { describe, expect, it } from "vitest";
import { decide } from "../../../core/decide/decide.ts";
import type { ResponsePolicy } from "../../../core/decide/policy.ts";
import type { Finding } from "../../../core/detect/finding.ts";
import type { EventId } from "../../../core/event/event.ts";
import { excerpt } from "../../../core/event/excerpt.ts";
import type { Workload } from "../../../core/identity/workload.ts";
import { registryWith } from "../../fixtures/read.ts";
import { workload } from "../../fixtures/workloads.ts";
import { account, attributed, bare, finding, roleArn, session } from "./finding-samples.ts";

const contained = workload("bot", { response: { contain: "automatic" } });
const policyWith = (
  workloads: readonly Workload[] = [contained],
  over: Partial<ResponsePolicy> = {},
): ResponsePolicy => ({
  mode: "contain",
  registry: registryWith(workloads),
  ...over,
});
const one = (over: Partial<Finding>, policy = policyWith()) => {
  const [decision, ...others] = decide([finding(over)], policy);
  if (decision === undefined || others.length > 0) throw new Error("one finding has one decision");
  return decision;
};
const rules = (decision: { readonly because: readonly { readonly rule: string }[] }) =>
  decision.because.map(({ rule }) => rule);

describe("what a finding deserves", () => {
  it("contains the declared role that a certain finding speaks against, when its manifest says automatic", () => {
    const decision = one({});
    expect(decision).toMatchObject({
      kind: "contain",
      would: "contain",
      actions: [{ kind: "contain-role", target: roleArn("bot"), tier: 1 }],
    });
    expect(decision.because).toEqual([
      { rule: "playbook", detector: "tampering-trail" },
      { rule: "contain", workload: "bot", says: "automatic" },
    ]);
    expect(decision.id).toMatch(/^[0-9a-f]{32}$/);
  });

  it.each([
    ["info", "dismiss"],
    ["low", "ticket"],
    ["medium", "ticket"],
    ["high", "contain"],
    ["critical", "contain"],
  ] as const)("answers %s with %s", (severity, would) => expect(one({ severity }).would).toBe(would));

  it.each(["sandbox", "deprecated"] as const)("dismisses what is %s", (maturity) => {
    expect(one({ maturity })).toMatchObject({ kind: "dismiss", because: [{ rule: "maturity", maturity }] });
  });

  it.each(["custom", "external", "identity", "exposure"] as const)("has no playbook for %s: a ticket", (family) => {
    expect(one({ family })).toMatchObject({ would: "ticket", actions: [], because: [{ rule: "no-playbook" }] });
  });

  it("contains whoever was given something, not who gave it", () => {
    const touched = one({ family: "privilege-drift", detector: "drift-grant", resource: roleArn("reader") });
    expect(touched).toMatchObject({ would: "approve", actions: [{ kind: "contain-role", target: roleArn("reader") }] });
    expect(rules(touched)).toContain("undeclared");
    const user = one({ family: "privilege-drift", resource: `arn:aws:iam::${account}:user/eve` });
    expect(user.actions).toEqual([{ kind: "contain-user", target: `arn:aws:iam::${account}:user/eve`, tier: 1 }]);
  });

  it("contains whoever strayed from its envelope, not the role that it reached for", () => {
    const strayed = one({ family: "privilege-drift", detector: "drift-behaviour", resource: roleArn("org-admin") });
    expect(strayed.actions).toEqual([{ kind: "contain-role", target: roleArn("bot"), tier: 1 }]);
  });

  it("falls back on the actor where a group or a policy was touched", () => {
    const decision = one({ family: "privilege-drift", resource: `arn:aws:iam::${account}:group/staff` });
    expect(decision.actions).toEqual([{ kind: "contain-role", target: roleArn("bot"), tier: 1 }]);
  });

  it("deactivates the new key, by its id", () => {
    const eventID = "e1" as EventId;
    const path = "responseElements.accessKey.accessKeyId";
    const key: Partial<Finding> = {
      detector: "sprawl-access-key",
      family: "secret-sprawl",
      resource: `arn:aws:iam::${account}:user/eve`,
      evidence: [{ kind: "field", eventID, path, value: excerpt("AKIAI44QH8DHBEXAMPLE") }],
    };
    expect(one(key)).toMatchObject({
      would: "approve",
      actions: [{ kind: "deactivate-key", target: "AKIAI44QH8DHBEXAMPLE", tier: 1 }],
    });
    expect(one({ ...key, resource: `arn:aws:iam::${account}:root` })).toMatchObject({
      would: "ticket",
      because: [{ rule: "playbook" }, { rule: "no-target" }],
    });
  });

  it("keeps a role's path where the attribution still has it", () => {
    const role = `arn:aws:iam::${account}:role/ai/loner`;
    const decision = one({ principal: session("loner"), attribution: bare(`role:${role}`) });
    expect(decision.actions[0]?.target).toBe(role);
  });

  it("finds no target behind root, a federated user or nobody", () => {
    for (const principal of [`arn:aws:iam::${account}:root`, `arn:aws:sts::${account}:federated-user/x`, "AIDAX"])
      expect(rules(one({ principal })), principal).toContain("no-target");
  });
});

describe("reasons not to act", () => {
  it.each(["denied", "failed"] as const)("never contains what was only %s", (outcome) => {
    expect(one({ outcome })).toMatchObject({ would: "ticket", actions: [] });
    expect(rules(one({ outcome }))).toContain("attempt-only");
  });

  it("never acts on an event whose id or time was guessed", () => {
    expect(one({ guessed: true })).toMatchObject({ would: "ticket", actions: [] });
  });

  it.each([
    ["a service-linked role", `arn:aws:iam::${account}:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX`],
    ["a service-linked role without its path", roleArn("AWSServiceRoleForX")],
    ["a role of Identity Center", roleArn("AWSReservedSSO_Admin_0123456789abcdef")],
  ])("never touches %s", (_, resource) => {
    const decision = one({ family: "privilege-drift", resource }, policyWith([], { undeclared: "contain" }));
    expect(decision).toMatchObject({ would: "ticket", actions: [] });
    expect(rules(decision)).toContain("service-linked");
  });

  it("never touches a principal of another account", () => {
    const principal = "arn:aws:sts::999999999999:assumed-role/bot/x";
    expect(rules(one({ principal, attribution: attributed("external", "account:999999999999") }))).toContain(
      "foreign-account",
    );
  });

  it("never touches what the deployment calls untouchable, with or without its path", () => {
    for (const role of [roleArn("bot"), `arn:aws:iam::${account}:role/emergency/bot`])
      expect(one({}, policyWith([contained], { untouchable: [role] })), role).toMatchObject({
        would: "ticket",
        actions: [],
      });
  });

  it.each([
    ["automatic", "contain"],
    ["approval", "approve"],
    ["never", "ticket"],
  ] as const)("follows the manifest: %s means %s", (contain, would) => {
    expect(one({}, policyWith([workload("bot", { response: { contain } })])).would).toBe(would);
  });

  it.each([
    [undefined, "approve"],
    ["contain", "contain"],
    ["approval", "approve"],
    ["never", "ticket"],
  ] as const)("follows the policy for undeclared principals: %s means %s", (undeclared, would) => {
    const attribution = attributed("workload", "lambda:x");
    const found = { principal: session("stranger"), attribution };
    expect(one(found, policyWith([], undeclared === undefined ? {} : { undeclared })).would).toBe(would);
  });

  it("asks about a role without a path where a manifest names roles by their path", () => {
    const selectors = [{ kind: "roles", value: { accounts: [account], path: "/ai/*" } }];
    const resource = roleArn("reader");
    const would = (over: Partial<Workload>) =>
      one({ family: "privilege-drift", resource }, policyWith([workload("x", over)], { undeclared: "contain" })).would;
    expect(would({ selectors })).toBe("approve");
    expect(would({ selectors: [{ kind: "roleArn", value: `arn:aws:iam::${account}:role/ai/bot-*` }] })).toBe("approve");
    expect(would({ selectors, status: "draft" })).toBe("contain");
    expect(would({})).toBe("contain");
  });

  it("does not take a manifest's word for what a bare static key did to its role", () => {
    const attribution = bare("user:x", "AKIAIOSFODNN7EXAMPLE");
    expect(one({ family: "privilege-drift", resource: roleArn("bot"), attribution }).would).toBe("approve");
    expect(one({ family: "privilege-drift", resource: roleArn("bot") }).would).toBe("contain");
  });

  it("asks a person before it touches what is protected or critical", () => {
    const guarded = (over: Partial<Workload>) => one({}, policyWith([workload("bot", { ...contained, ...over })]));
    expect(rules(guarded({ protected: true }))).toContain("protected");
    expect(guarded({ protected: true }).would).toBe("approve");
    expect(rules(guarded({ tier: "critical" }))).toContain("critical-tier");
    expect(one({}, policyWith([contained], { protected: [`arn:aws:iam::${account}:role/b*`] })).would).toBe("approve");
  });

  it("asks a person while a gate of the workload is red, and says which", () => {
    const red = { redGates: (name: string) => (name === "bot" ? ["attribution"] : []) };
    expect(one({}, policyWith([contained], red))).toMatchObject({ would: "approve" });
    expect(rules(one({}, policyWith([contained], red)))).toContain("not-ready");
    expect(one({}, policyWith([contained], { redGates: () => [] })).would).toBe("contain");
  });

  it("never acts because of what one of our own roles did", () => {
    const principal = session("cordon-contain");
    const own = { own: [`arn:aws:iam::${account}:role/cordon/cordon-contain`], undeclared: "contain" as const };
    const found = { family: "privilege-drift" as const, resource: roleArn("bot"), principal };
    expect(rules(one(found, policyWith([contained], own)))).toContain("own-action");
    expect(one(found, policyWith([contained], own)).would).toBe("ticket");
    expect(rules(one(found, policyWith([contained], { own: [] })))).not.toContain("own-action");
  });

  it("leaves doubt about who acted to a person", () => {
    const { hops, root, because } = bare("x");
    const contested = { kind: "contested", claims: ["a", "b"], confidence: "low", hops, root, because } as const;
    const inferred = { ...attributed("workload", "bot"), class: "inferred", confidence: "low" } as const;
    for (const attribution of [contested, inferred, bare(`role:${roleArn("bot")}`)])
      expect(one({ attribution }), attribution.kind).toMatchObject({ would: "approve" });
  });

  it("lets a static key follow the policy for undeclared principals, since it signs for itself", () => {
    const user = `arn:aws:iam::${account}:user/ci`;
    const attribution = bare(`user:${user}`, "AKIAIOSFODNN7EXAMPLE");
    const found = { principal: user, attribution };
    expect(one(found, policyWith([])).would).toBe("approve");
    expect(one(found, policyWith([], { undeclared: "contain" })).would).toBe("contain");
    expect(
      one(
        { ...found, attribution: bare(`user:${user}`, "ASIAIOSFODNN7EXAMPLE") },
        policyWith([], { undeclared: "contain" }),
      ).would,
    ).toBe("approve");
  });

  it("wants an attribution beyond doubt where undeclared use is the reason", () => {
    const medium = { ...attributed("workload", "bot"), confidence: "medium" } as const;
    expect(one({ family: "gpu-scaling", attribution: medium }).would).toBe("approve");
    expect(one({ family: "gpu-scaling" }).would).toBe("contain");
    expect(one({ family: "tampering", attribution: medium }).would).toBe("contain");
    const stolen = { family: "secret-sprawl", detector: "sprawl-off-workload" } as const;
    expect(one({ ...stolen, attribution: medium }).would).toBe("approve");
    expect(one(stolen).would).toBe("contain");
  });

  it("asks before it acts on a weak finding, on a person, and on what nobody could read", () => {
    const person = { attribution: attributed("person", "sso:x") };
    const unread = [
      { kind: "field", eventID: "e1" as EventId, path: "requestParameters.omitted", value: excerpt("true") },
    ] as const;
    expect(rules(one({ confidence: "low" }))).toContain("doubtful-finding");
    expect(rules(one(person))).toContain("person");
    expect(rules(one({ evidence: unread }))).toContain("unseen-content");
    for (const over of [{ confidence: "low" } as const, person, { evidence: unread }])
      expect(one(over).would).toBe("approve");
  });
});
