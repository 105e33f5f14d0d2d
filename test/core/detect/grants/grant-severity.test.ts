import { describe, expect, it } from "vitest";
import type { DeploymentVerdict } from "../../../../core/detect/deployments/deploy.ts";
import type { GrantGain } from "../../../../core/detect/grants/grant-gain.ts";
import { type GrantSituation, grantSeverity } from "../../../../core/detect/grants/grant-severity.ts";
import type { OpenPath } from "../../../../core/iam/reach/escalates.ts";
import { paths } from "../../iam/tables.ts";

const row = (action: string, over: Partial<GrantGain["rows"][number]> = {}): GrantGain["rows"][number] => ({
  action,
  resource: "*",
  except: [],
  condition: {},
  witness: { action, resource: "*", context: {} },
  ...over,
});
const open = (id: string): OpenPath => {
  const path = paths.find((one) => one.id === id);
  if (path === undefined) throw new Error(`there is no path ${id}`);
  return { path, grants: path.actions.map((action) => ({ action, resource: "*" })) };
};
const gain = (over: Partial<GrantGain>): GrantGain => ({
  everything: false,
  paths: [],
  rows: [row("sqs:SendMessage")],
  gravity: "data",
  closed: undefined,
  ...over,
});
const graded = (over: Partial<GrantGain>, situation: Partial<GrantSituation> = {}) =>
  grantSeverity({
    gain: gain(over),
    outside: false,
    self: false,
    lifted: false,
    provisioning: false,
    prepared: false,
    program: false,
    deployment: { kind: "no-deployment" },
    ...situation,
  });
const inside: DeploymentVerdict = { kind: "inside", workload: "deployer", because: "" };

describe("how grave a grant is", () => {
  const gains: readonly Partial<GrantGain>[] = [
    { paths: [open("iam:PutRolePolicy")] },
    { paths: [open("iam:CreateOpenIDConnectProvider")] },
    { gravity: "credential" },
    { gravity: "data" },
    { gravity: "change" },
    { gravity: "look" },
  ];

  it("falls with what was gained, outside an envelope", () => {
    expect(gains.map((one) => graded(one, { outside: true }))).toEqual([
      "critical",
      "high",
      "high",
      "medium",
      "medium",
      "low",
    ]);
  });

  it("bothers nobody where nobody declared anything, but for what is bad whoever does it", () => {
    expect(gains.map((one) => graded(one))).toEqual(["low", "low", "low", "info", "info", "info"]);
    expect(gains.map((one) => graded(one, { self: true }))).toEqual([
      "high",
      "high",
      "medium",
      "medium",
      "medium",
      "medium",
    ]);
    expect(gains.map((one) => graded(one, { lifted: true }))).toEqual(gains.map(() => "medium"));
    expect(graded({ everything: true })).toBe("high");
    expect(graded({ everything: true }, { program: true })).toBe("critical");
    expect(graded({ everything: true }, { prepared: true })).toBe("medium");
  });

  it("takes an administrator in all but name for one: every right, everywhere, without a condition", () => {
    const path = [open("iam:PutUserPolicy")];
    expect(graded({ paths: path, rows: [row("iam:PutUserPolicy")] })).toBe("medium");
    const own = { resource: "arn:aws:iam::111122223333:user/eve" };
    expect(graded({ paths: path, rows: [row("iam:PutUserPolicy", own)] })).toBe("low");
    const bound = { condition: { StringEquals: { "aws:principaltag/team": ["a"] } } };
    expect(graded({ paths: path, rows: [row("iam:PutUserPolicy", bound)] })).toBe("low");
    expect(graded({ paths: [open("ssm:StartSession")], rows: [row("ssm:StartSession")] })).toBe("low");
  });

  it("excuses a deployment inside its envelope, but not from another workload's envelope or administrators", () => {
    expect(graded({ gravity: "credential" }, { deployment: inside })).toBe("info");
    expect(graded({ gravity: "data" }, { deployment: inside, outside: true })).toBe("medium");
    expect(graded({ everything: true }, { deployment: inside })).toBe("medium");
  });

  it("is a step graver by a deployment outside its envelope, whose call is found anyway", () => {
    const deployment: DeploymentVerdict = { ...inside, kind: "outside", beyond: [{ action: "iam:x", resources: [] }] };
    expect(gains.map((one) => graded(one, { deployment }))).toEqual([
      "medium",
      "medium",
      "medium",
      "low",
      "low",
      "low",
    ]);
    expect(graded({ everything: true }, { deployment, program: true })).toBe("critical");
  });

  it("leaves to the permission set what Identity Center carries out", () => {
    expect(graded({ everything: true }, { provisioning: true, program: true })).toBe("info");
  });

  it("is nothing to speak of where nothing comes through", () => {
    const outside: DeploymentVerdict = { ...inside, kind: "outside", beyond: [{ action: "iam:x", resources: [] }] };
    expect(graded({ rows: [], gravity: undefined }, { outside: true, deployment: outside })).toBe("info");
  });
});
