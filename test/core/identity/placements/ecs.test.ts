import { describe, expect, it } from "vitest";
import { arn, bare, role, shown } from "./shown.ts";

const task = "0123456789abcdef0123456789abcdef";
const definition = arn("ecs", "task-definition/bot:7");
const started = (over = {}) => ({
  tasks: [{ taskArn: arn("ecs", `task/prod/${task}`), taskDefinitionArn: definition, group: "family:bot", ...over }],
  failures: [],
});

describe("ECS", () => {
  it("reads both roles of a task definition, whatever its revision", () =>
    expect(
      shown(
        "ecs:RegisterTaskDefinition",
        { family: "bot", taskRoleArn: role("bot"), executionRoleArn: "bot-start" },
        { taskDefinition: { taskDefinitionArn: definition, taskRoleArn: role("bot"), executionRoleArn: "bot-start" } },
      ).map(bare),
    ).toEqual([
      { kind: "ecs-task", resource: arn("ecs", "task-definition/bot"), role: role("bot") },
      { kind: "ecs-task", resource: arn("ecs", "task-definition/bot"), role: role("bot-start") },
    ]));
  it.each(["ecs:RunTask", "ecs:StartTask"])("reads the tasks that %s started", (api) =>
    expect(shown(api, { taskDefinition: "bot" }, started())).toMatchObject([
      {
        kind: "ecs-task",
        resource: arn("ecs", "task-definition/bot"),
        run: task,
        group: "family:bot",
        field: "responseElements.tasks[0].taskArn",
        account: "111122223333",
        region: "us-east-1",
        by: "arn:aws:iam::111122223333:user/trainer",
      },
    ]),
  );
  it("reads the role that the caller put over the definition's", () =>
    expect(shown("ecs:RunTask", {}, started({ overrides: { taskRoleArn: role("other") } }))).toMatchObject([
      { role: role("other"), run: task },
    ]));
  it("reads a task's id from an ARN without a cluster, as older accounts have it", () =>
    expect(shown("ecs:RunTask", {}, started({ taskArn: arn("ecs", `task/${task}`) }))).toMatchObject([{ run: task }]));
  it("reads nothing from a definition without roles, from a denied call, from an answer that is not there", () => {
    expect(shown("ecs:RegisterTaskDefinition", {}, { taskDefinition: { taskDefinitionArn: definition } })).toEqual([]);
    expect(shown("ecs:RunTask", {}, started(), { errorCode: "AccessDenied" })).toEqual([]);
    expect(shown("ecs:RunTask", {}, null)).toEqual([]);
  });
});
