import { describe, expect, it } from "vitest";
import { escalates, type OpenPath } from "../../../../core/iam/reach/escalates.ts";
import { reachStatements } from "../../../../core/iam/reach/reach-statement.ts";
import { paths, table } from "../tables.ts";

interface Written {
  readonly [element: string]: unknown;
}

const allow = (
  Action: string | readonly string[],
  Resource: string | readonly string[] = "*",
  more: Written = {},
): Written => ({
  Effect: "Allow",
  Action,
  Resource,
  ...more,
});
const deny = (
  Action: string | readonly string[],
  Resource: string | readonly string[] = "*",
  more: Written = {},
): Written => ({
  ...allow(Action, Resource, more),
  Effect: "Deny",
});

const opened = (...statements: readonly Written[]): readonly OpenPath[] => {
  const read = reachStatements({ Version: "2012-10-17", Statement: statements });
  return read.ok ? escalates(read.statements, { paths, table }) : [];
};
const ids = (...statements: readonly Written[]): readonly string[] => opened(...statements).map(({ path }) => path.id);

const role = (name: string): string => `arn:aws:iam::111122223333:role/${name}`;
const passing = (service: string): Written => ({ Condition: { StringEquals: { "iam:PassedToService": service } } });

describe("what a policy opens", () => {
  it("opens every path of the catalogue to whoever may do everything, and none to whoever may do nothing", () => {
    const all = paths.filter((path) => path.class === "escalation").map(({ id }) => id);
    expect(ids(allow("*"))).toEqual(all);
    expect(ids()).toEqual([]);
    expect(ids(allow("s3:*"))).toEqual([]);
  });

  it("opens each path to whoever holds exactly its actions", () => {
    for (const path of paths.filter((one) => one.class === "escalation"))
      expect(ids(allow(path.actions))).toContain(path.id);
  });

  it("does not open a path when one of its actions is missing", () => {
    for (const path of paths)
      for (const missing of path.actions)
        expect(ids(allow(path.actions.filter((action) => action !== missing)))).not.toContain(path.id);
  });

  it("says which pattern of the policy opens each action", () => {
    const own = opened(allow("iam:PassRole", role("ci-*")), allow("lambda:*", "*"));
    expect(own.find(({ path }) => path.id === "lambda:CreateFunction+InvokeFunction+iam:PassRole")?.grants).toEqual([
      { action: "lambda:CreateFunction", resource: "*" },
      { action: "lambda:InvokeFunction", resource: "*" },
      { action: "iam:PassRole", resource: role("ci-*") },
    ]);
  });

  it("does not count what only helps a take-over", () => {
    expect(ids(allow(["iam:UpdateRole", "iam:DeactivateMFADevice", "sts:GetFederationToken"]))).toEqual([]);
  });
});

describe("Deny and NotAction", () => {
  it("closes what a Deny forbids", () => {
    expect(ids(allow("iam:PutRolePolicy"), deny("iam:*"))).toEqual([]);
    expect(ids(allow("iam:PutRolePolicy"), deny("iam:Put*", role("*")))).toEqual([]);
    expect(ids(allow(["iam:*", "s3:*"]), { Effect: "Deny", NotAction: "s3:*", Resource: "*" })).toEqual([]);
  });

  it("finds the resource that a Deny leaves over", () => {
    expect(ids(allow("iam:PutRolePolicy"), deny("iam:*", role("admin-*")))).toEqual(["iam:PutRolePolicy"]);
    const but = { Effect: "Deny", Action: "iam:*", NotResource: role("sandbox") };
    expect(ids(allow("iam:PutRolePolicy"), but)).toEqual(["iam:PutRolePolicy"]);
    expect(ids(allow("iam:PutRolePolicy", role("app")), but)).toEqual([]);
  });

  it("takes a Deny with a condition for one that may not apply", () => {
    const without = { Condition: { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } } };
    expect(ids(allow("iam:PutRolePolicy"), deny("iam:*", "*", without))).toEqual(["iam:PutRolePolicy"]);
  });

  it("reads everything but the listed actions and resources", () => {
    const but = { Effect: "Allow", NotAction: ["iam:*", "sts:*", "organizations:*"], Resource: "*" };
    expect(ids(but)).toContain("lambda:UpdateFunctionCode");
    expect(ids(but).filter((id) => id.includes("iam:"))).toEqual([]);
    expect(ids({ Effect: "Allow", Action: "sts:AssumeRole", NotResource: role("*") })).toEqual(["sts:AssumeRole"]);
    expect(ids({ Effect: "Allow", Action: "sts:AssumeRole", NotResource: "arn:aws:iam::*" }, deny("sts:*"))).toEqual(
      [],
    );
  });
});

describe("resources", () => {
  it("asks for one resource that all of a path's steps may touch", () => {
    const job = (name: string): string => `arn:aws:glue:us-east-1:111122223333:job/${name}`;
    const steps = (update: string, start: string): readonly string[] =>
      ids(allow("glue:UpdateJob", job(update)), allow("glue:StartJobRun", job(start)), allow("iam:PassRole"));
    expect(steps("a", "a")).toEqual(["glue:UpdateJob+StartJobRun+iam:PassRole"]);
    expect(steps("a*", "*b")).toEqual(["glue:UpdateJob+StartJobRun+iam:PassRole"]);
    expect(steps("a", "b")).toEqual([]);
  });

  it("sees that a pattern cannot name what the action works on", () => {
    expect(ids(allow("iam:PutRolePolicy", "arn:aws:iam::111122223333:user/*"))).toEqual([]);
    expect(ids(allow("iam:PutRolePolicy", "arn:aws:s3:::*"))).toEqual([]);
    expect(ids(allow("ec2:RunInstances", "arn:aws:ec2:*:*:subnet/*"), allow("iam:PassRole"))).toEqual([]);
  });

  it("lets an action that takes no resource be granted by a star only", () => {
    expect(ids(allow("iam:PassRole"), allow("glue:CreateDevEndpoint", "arn:aws:glue:*:*:*"))).toEqual([]);
    expect(ids(allow("iam:PassRole"), allow("glue:CreateDevEndpoint"))).toEqual([
      "glue:CreateDevEndpoint+iam:PassRole",
    ]);
  });

  it("takes a slash for a colon, which a later edit would mend", () => {
    expect(ids(allow("lambda:UpdateFunctionCode", "arn:aws:lambda:*:*:function/*"))).toEqual([
      "lambda:UpdateFunctionCode",
    ]);
  });

  // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable, as IAM writes it.
  const self = "arn:aws:iam::*:user/${aws:username}";
  it("lets people look after their own keys and passwords, and nobody write a policy for oneself", () => {
    const own = ["iam:CreateAccessKey", "iam:DeleteAccessKey", "iam:UpdateLoginProfile", "iam:CreateLoginProfile"];
    expect(ids(allow(own, self))).toEqual([]);
    expect(ids(allow(own), { Effect: "Deny", Action: "iam:*", NotResource: self })).toEqual([]);
    expect(ids(allow("iam:PutUserPolicy", self))).toEqual(["iam:PutUserPolicy"]);
  });

  it("takes any other policy variable for anything", () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable, as IAM writes it.
    expect(ids(allow("sts:AssumeRole", role("${aws:PrincipalTag/team}-*")))).toEqual(["sts:AssumeRole"]);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable, as IAM writes it.
    expect(ids(allow("sts:AssumeRole"), deny("sts:*", role("${aws:PrincipalTag/team}")))).toEqual(["sts:AssumeRole"]);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable, as IAM writes it.
    expect(ids(allow("sts:AssumeRole", role("a")), deny("sts:*", role("${aws:PrincipalTag/team}")))).toEqual([
      "sts:AssumeRole",
    ]);
  });
});

describe("conditions", () => {
  it("passes a role only to the service that the condition names", () => {
    const functions = ["lambda:CreateFunction", "lambda:InvokeFunction"];
    const id = "lambda:CreateFunction+InvokeFunction+iam:PassRole";
    expect(ids(allow("iam:PassRole", "*", passing("lambda.amazonaws.com")), allow(functions))).toEqual([id]);
    expect(ids(allow("iam:PassRole", "*", passing("ec2.amazonaws.com")), allow(functions))).toEqual([]);
    expect(
      ids(allow(["iam:PassRole", ...functions]), deny("iam:PassRole", "*", passing("lambda.amazonaws.com"))),
    ).toEqual([]);
  });

  it("sees that only harmless policies may be attached", () => {
    const only = (arn: string): Written => ({ Condition: { ArnLike: { "iam:PolicyARN": arn } } });
    expect(ids(allow("iam:AttachRolePolicy", "*", only("arn:aws:iam::aws:policy/ReadOnlyAccess")))).toEqual([]);
    expect(ids(allow("iam:AttachRolePolicy", "*", only("arn:aws:iam::aws:policy/*")))).toEqual([
      "iam:AttachRolePolicy",
    ]);
    expect(ids(allow("iam:AttachRolePolicy", "*", only("arn:aws-cn:iam::aws:policy/*")))).toEqual([
      "iam:AttachRolePolicy",
    ]);
  });

  it("honours a boundary that every written policy must have", () => {
    const bounded = {
      Condition: { StringEquals: { "iam:PermissionsBoundary": "arn:aws:iam::111122223333:policy/edge" } },
    };
    expect(ids(allow(["iam:PutRolePolicy", "iam:AttachUserPolicy"], "*", bounded))).toEqual([]);
  });

  it("takes any other condition for one that may hold", () => {
    const near = { Condition: { IpAddress: { "aws:SourceIp": "192.0.2.0/24" } } };
    expect(ids(allow("iam:PutRolePolicy", "*", near))).toEqual(["iam:PutRolePolicy"]);
  });
});

describe("other documents", () => {
  it("says that a trust for everybody lets everybody in, and a trust for one says nothing", () => {
    const trust = (Principal: unknown): Written => ({ Effect: "Allow", Action: "sts:AssumeRole", Principal });
    expect(ids(trust({ AWS: "*" }))).toEqual(["sts:AssumeRole"]);
    expect(ids(trust("*"))).toEqual(["sts:AssumeRole"]);
    expect(ids(trust({ Service: "ec2.amazonaws.com" }), trust({ AWS: role("ci") }))).toEqual([]);
  });

  it("reads JSON text, URL-encoded text and nothing, and refuses the rest", () => {
    const text = JSON.stringify({ Statement: allow("iam:PutRolePolicy") });
    for (const spelling of [text, encodeURIComponent(text)]) {
      const read = reachStatements(spelling);
      expect(read.ok && escalates(read.statements, { paths, table }).length).toBe(1);
    }
    expect(reachStatements(null)).toEqual({ ok: true, statements: [] });
    for (const wrong of [undefined, 7, [], "{", { Statement: [{ Effect: "allow" }] }])
      expect(reachStatements(wrong).ok).toBe(false);
  });

  it("takes no longer for documents made to be slow", () => {
    const started = process.hrtime.bigint();
    opened(
      allow(`iam:${"*a".repeat(20_000)}`),
      allow("iam:*", "*a".repeat(20_000)),
      deny("iam:*", `${"*a".repeat(20_000)}b`),
    );
    const many = Array.from({ length: 400 }, (_, at) => role(`a*${at}*`));
    opened(
      allow("iam:*", many),
      deny(
        "iam:*",
        many.map((one) => `${one}*`),
      ),
      deny("iam:*", role("a*")),
    );
    expect(Number(process.hrtime.bigint() - started) / 1e6).toBeLessThan(4_000);
  });
});
