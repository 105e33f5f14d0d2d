import { describe, expect, it } from "vitest";
import { account, exampleKey, region, session, sessionKey } from "../../fixtures/records.ts";
import { leaked, recordsOf, replayed, type Step } from "./replaying.ts";

/**
 * The known ways to a role through what agents and notebooks run in (bedrock-001 to -007, sagemaker-004 and -005 by their
 * public names), as synthetic steps of somebody whom no manifest names.
 */
const thief = leaked("ci-legacy", exampleKey);
const program = session("build-tool", "run-1", sessionKey(1));
const role = `arn:aws:iam::${account}:role/agents`;
const data = { eventCategory: "Data", managementEvent: false } as const;
const runtime = `arn:aws:bedrock-agentcore:${region}:${account}:runtime/desk-abcdefghij`;

const core = (name: string, seconds: number, request: Step["request"] = {}, more: Partial<Step> = {}): Step => ({
  api: `bedrock-agentcore:${name}`,
  seconds,
  request,
  ...more,
});
const interpreter = { codeInterpreterIdentifier: "sums-abcdefghij" };
const browser = { browserIdentifier: "shop-abcdefghij" };

const ways: readonly (readonly [way: string, steps: readonly Step[], by: string])[] = [
  [
    "a code interpreter made with a role, and used",
    [
      core("CreateCodeInterpreter", 0, {
        name: "sums",
        executionRoleArn: role,
        networkConfiguration: { networkMode: "PUBLIC" },
      }),
      core("StartCodeInterpreterSession", 30, interpreter, { over: data }),
      core("InvokeCodeInterpreter", 40, interpreter, { over: data }),
    ],
    "ai-agent-entry",
  ],
  [
    "a code interpreter that is there, used",
    [
      core("StartCodeInterpreterSession", 30, interpreter, { over: data }),
      core("InvokeCodeInterpreter", 40, interpreter, { over: data }),
    ],
    "ai-agent-entry",
  ],
  [
    "commands in an agent's runtime",
    [core("InvokeAgentRuntimeCommand", 5, { agentRuntimeArn: runtime }, { over: data })],
    "ai-agent-entry",
  ],
  [
    "a browser that is there, steered",
    [
      core("StartBrowserSession", 5, browser, { over: data }),
      core("ConnectBrowserAutomationStream", 9, browser, { over: data }),
    ],
    "ai-agent-entry",
  ],
];

describe("what agents run in", () => {
  it.each(ways)("given %s, is found to be entered", async (_, steps, by) => {
    const told = await replayed(recordsOf(steps, thief));
    expect(told.loud()).toContain(by);
    expect(told.cases).toBe(1);
  });

  it("given that its trail has no data events, still shows who made it with a role", async () => {
    const [, steps] = ways[0] ?? [];
    const written = (steps ?? []).filter(({ over }) => over === undefined);
    const told = await replayed(recordsOf(written, thief));
    expect(told.by("escalation-path").length + told.by("ai-agent-change").length).toBeGreaterThan(0);
  });
});

describe("an agent's runtime", () => {
  const made = (seconds: number, name: string, roleName: string, more: Step["request"]): Step =>
    core(
      name,
      seconds,
      { ...more, roleArn: `arn:aws:iam::${account}:role/${roleName}`, networkConfiguration: { networkMode: "VPC" } },
      { response: { agentRuntimeArn: runtime } },
    );

  it("given another role than it was made with, is found to be changed", async () => {
    const steps = [
      made(0, "CreateAgentRuntime", "desk", { agentRuntimeName: "desk" }),
      made(600, "UpdateAgentRuntime", "desk", { agentRuntimeId: "desk-abcdefghij" }),
      made(900, "UpdateAgentRuntime", "platform-admin", { agentRuntimeId: "desk-abcdefghij" }),
    ];
    const told = await replayed(recordsOf(steps, program));
    expect(told.by("ai-agent-change").map(({ severity, title }) => [severity, title])).toEqual([
      ["low", "An agent runtime runs something else than before: desk-abcdefghij"],
      ["medium", "An agent runtime works as another role than before: platform-admin instead of desk"],
    ]);
  });
});

describe("a notebook", () => {
  const named = { notebookInstanceName: "lab" };
  const made: Step = {
    api: "sagemaker:CreateNotebookInstance",
    seconds: 0,
    request: { ...named, roleArn: role, instanceType: "ml.t3.medium" },
    response: { notebookInstanceArn: `arn:aws:sagemaker:${region}:${account}:notebook-instance/lab` },
    by: session("platform", "deploy", sessionKey(7)),
  };
  const administrator: readonly Step[] = [
    {
      api: "iam:CreateRole",
      seconds: -60,
      request: { roleName: "agents", assumeRolePolicyDocument: trustIn("sagemaker.amazonaws.com") },
    },
    {
      api: "iam:AttachRolePolicy",
      seconds: -50,
      request: { roleName: "agents", policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" },
    },
  ];

  it("given that its role is an administrator's, is found to be opened", async () => {
    const opened: Step = { api: "sagemaker:CreatePresignedNotebookInstanceUrl", seconds: 90, request: named };
    const told = await replayed([
      ...recordsOf(administrator, session("platform", "deploy", sessionKey(7)), 50),
      ...recordsOf([made, opened], thief),
    ]);
    expect(told.by("ai-notebook-opened")).toMatchObject([{ severity: "high" }]);
  });

  it("given start-up commands of somebody's, is found to be hijacked", async () => {
    const steps: readonly Step[] = [
      { api: "sagemaker:StopNotebookInstance", seconds: 0, request: named },
      {
        api: "sagemaker:CreateNotebookInstanceLifecycleConfig",
        seconds: 60,
        request: { notebookInstanceLifecycleConfigName: "setup" },
      },
      {
        api: "sagemaker:UpdateNotebookInstance",
        seconds: 90,
        request: { ...named, lifecycleConfigName: "setup" },
      },
      { api: "sagemaker:StartNotebookInstance", seconds: 120, request: named },
    ];
    expect((await replayed(recordsOf(steps, program))).loud()).toEqual(["escalation-sequence"]);
  });
});

function trustIn(service: string): string {
  const statement = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: service } };
  return JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
}
