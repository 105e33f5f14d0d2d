import { expect, it } from "vitest";
import { byDetector, byFamily, playFor } from "../../../core/decide/playbook.ts";
import { describedWith } from "../../../core/detect/described-catalog.ts";
import { compilePolicies, verdictOf } from "../../../core/iam/compiled-policy.ts";
import { contextOf } from "../../../core/iam/context.ts";
import { parsePolicy } from "../../../core/iam/policy.ts";
import { gradeDocument } from "../../../core/respond/deny-policies.ts";
import { tables } from "../../fixtures/tables.ts";
import { authorise } from "../iam/tables.ts";
import { account, finding, roleArn, session } from "./finding-samples.ts";

const detectors = describedWith(tables);

it("speaks of detectors that there are", () => {
  expect(Object.keys(byDetector).filter((id) => !detectors.some((one) => one.id === id))).toEqual([]);
});

it("denies launches and capacity only, where capacity is what was seen: what runs goes on", () => {
  expect(playFor(finding({ family: "gpu-scaling", principal: session("bot") }))).toEqual({
    kind: "act",
    about: "actor",
    action: { kind: "contain-role", target: roleArn("bot"), tier: 1, grade: "deny-spend" },
  });
});

it("denies secrets only to a user that reads too many", () => {
  const principal = `arn:aws:iam::${account}:user/eve`;
  expect(playFor(finding({ family: "secret-sprawl", detector: "sprawl-secret-fan-out", principal }))).toMatchObject({
    action: { kind: "contain-user", target: principal, grade: "deny-secrets" },
  });
});

it("denies escalation to whoever handed a role over, and everything to a principal that was changed", () => {
  const seen = { family: "privilege-drift", detector: "escalation-path" } as const;
  const handedOver = playFor(finding({ ...seen, resource: `arn:aws:lambda:us-east-1:${account}:function:f` }));
  expect(handedOver).toMatchObject({ about: "actor", action: { target: roleArn("bot"), grade: "deny-escalation" } });
  const changed = playFor(finding({ ...seen, resource: roleArn("admin") }));
  expect(changed).toMatchObject({ about: "touched", action: { target: roleArn("admin") } });
  expect(changed).not.toHaveProperty("action.grade");
});

it("denies everything where a milder grade would leave what was seen", () => {
  const tampered = playFor(finding({ family: "tampering" }));
  expect(tampered).toMatchObject({ kind: "act", about: "actor" });
  expect(tampered).not.toHaveProperty("action.grade");
});

/** Escalation is held to the catalogue of paths, in the test of the policies: there it is enough to stop one call of each. */
const graded = detectors.flatMap(({ id, family, watches }) => {
  const grade = (byDetector[id] ?? byFamily[family])?.grade;
  const apis = watches.flatMap((watch) => (watch.kind === "calls" || watch.kind === "agent-calls" ? watch.apis : []));
  return grade === undefined || grade === "deny-escalation" ? [] : apis.map((api) => ({ id, grade, api }));
});

/** No gain of what is to be stopped: they look around, end something, or come with a read that is stopped itself. */
const harmless = /:(?:List|Describe|Stop|Terminate|DeleteApp|Decrypt)/;

it.each(graded.filter(({ api }) => !harmless.test(api)))("stops $api, which $id finds, by $grade", ({ grade, api }) => {
  const parsed = parsePolicy(gradeDocument(grade));
  if (!parsed.ok) throw new Error(parsed.because);
  const policy = compilePolicies([parsed.document]);
  const [service = "", name = ""] = api.split(":");
  const place = { account, region: "us-east-1", partition: "aws" };
  const known = authorise({ source: `${service}.amazonaws.com`, name, parameters: {}, ...place });
  const actions = known.kind === "known" && known.checks.length > 0 ? known.checks.map(({ action }) => action) : [api];
  const target = { resource: "*", wildcardOnly: false, context: contextOf({}) };
  expect(actions.map((action) => verdictOf(policy, action, target))).toContain("denied");
});
