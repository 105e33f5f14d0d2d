import { describe, expect, it } from "vitest";
import type { Finding } from "../../../core/detect/finding.ts";
import type { RoleArn } from "../../../core/iam/arn.ts";
import { declaring } from "../../fixtures/declaring.ts";
import { account, eventId, type RecordObject, record, secondsAfter } from "../../fixtures/records.ts";
import { settled } from "./settling.ts";

const arn = (rest: string) => `arn:aws:iam::${account}:${rest}`;
const team = arn("policy/team");
const allow = (...actions: readonly string[]) =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: actions, Resource: "*" }] });

const call = (second: number, eventName: string, requestParameters: object, response: object = {}, source = "iam") =>
  record({
    eventID: eventId(700 + second),
    eventTime: secondsAfter(second),
    eventSource: `${source}.amazonaws.com`,
    eventName,
    readOnly: false,
    requestParameters: Object(requestParameters),
    responseElements: Object(response),
  });

const created = (second: number, name: string) => {
  const assumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [] });
  const role = { arn: arn(`role/apps/${name}`), roleId: "AROADBQP57FF2AEXAMPLE", path: "/apps/" };
  return call(second, "CreateRole", { roleName: name, path: "/apps/", assumeRolePolicyDocument }, { role });
};
const put = (second: number, roleName: string, policyDocument: string, policyName = "own") =>
  call(second, "PutRolePolicy", { roleName, policyName, policyDocument });

const registry = declaring([arn("role/apps/bot") as RoleArn], {
  envelope: { statements: [{ Effect: "Allow", Action: "sqs:*", Resource: "*" }] },
});

/** What was found in any order of the records: time of day, severity and what it is about. */
async function found(records: readonly RecordObject[], detector = "drift-grant"): Promise<readonly string[]> {
  const said = ({ at, severity, confidence, resource }: Finding): string =>
    `${(at - Date.parse(secondsAfter(0))) / 1_000} ${severity} ${confidence} ${resource?.split(":").at(-1)}`;
  const [one, other] = await Promise.all(
    [records, records.toReversed()].map((order) => settled([[order]], { registry })),
  );
  const [lines = [], again] = [one, other].map((all) =>
    all?.settlement.findings.filter((finding) => finding.detector === detector).map(said),
  );
  expect(again).toEqual(lines);
  return lines;
}

describe("grants, judged by what the records before them wrote", () => {
  it("finds what is new to the role, once, and not what it has already", async () => {
    const records = [
      created(1, "bot"),
      put(2, "bot", allow("sqs:SendMessage")),
      put(3, "bot", allow("sqs:SendMessage", "ssm:GetParameter")),
      put(4, "bot", allow("ssm:GetParameter"), "again"),
    ];
    expect(await found(records)).toEqual(["3 high high role/apps/bot"]);
  });

  it("finds every holder of a policy whose content changes", async () => {
    const version = { policyArn: team, policyDocument: allow("sqs:*", "s3:GetObject"), setAsDefault: true };
    const records = [
      created(1, "bot"),
      created(2, "batch"),
      call(3, "CreatePolicy", { policyName: "team", policyDocument: allow("sqs:*") }, { policy: { arn: team } }),
      call(4, "AttachRolePolicy", { roleName: "bot", policyArn: team }),
      call(5, "AttachRolePolicy", { roleName: "batch", policyArn: team }),
      call(6, "CreatePolicyVersion", version, { policyVersion: { versionId: "v2", isDefaultVersion: true } }),
    ];
    expect((await found(records)).toSorted()).toEqual([
      "5 info high role/apps/batch",
      "6 info high role/apps/batch",
      "6 medium high role/apps/bot",
    ]);
  });

  it("finds what a Deny kept shut until it was taken away", async () => {
    const deny = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Deny", Action: "s3:*", Resource: "*" }],
    });
    const records = [
      created(1, "batch"),
      put(2, "batch", deny, "wall"),
      put(3, "batch", allow("s3:GetObject"), "reads"),
      call(4, "DeleteRolePolicy", { roleName: "batch", policyName: "wall" }),
    ];
    expect(await found(records)).toEqual(["4 medium high role/apps/batch"]);
  });

  it("says of a role that was there before the records that it may have had it", async () => {
    expect(await found([put(2, "old", allow("s3:GetObject"))])).toEqual(["2 info medium role/old"]);
  });

  it("compares a resource's policy with the one before, by the statement as well", async () => {
    const permission = (second: number, statementId: string, principal: string) =>
      call(
        second,
        "AddPermission20150331v2",
        { functionName: "tool", statementId, action: "lambda:InvokeFunction", principal },
        {},
        "lambda",
      );
    const records = [
      call(1, "CreateFunction20150331", { functionName: "tool", role: arn("role/apps/bot") }, {}, "lambda"),
      permission(2, "partner", "444455556666"),
      permission(3, "the-same-again", "444455556666"),
      permission(4, "all", "*"),
    ];
    expect(await found(records, "drift-resource-policy")).toEqual(["2 medium high tool", "4 high high tool"]);
  });
});
