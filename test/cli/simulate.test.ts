import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  allow,
  change,
  changeSet,
  document,
  kept,
  later,
  resourceChange,
  role,
  terraform,
} from "../core/iam/plan-samples.ts";
import { details, inline, roleDetail } from "../fixtures/account-details.ts";
import { ndjson } from "../fixtures/incident.ts";
import { account, eventId, fromLambda, record, secondsAfter, session, sessionKey, user } from "../fixtures/records.ts";
import { cordon, folderWith, type Line } from "./replay-stage.ts";

const secret = `arn:aws:secretsmanager:us-east-1:${account}:secret:support-bot/token-AbCdEf`;
const bot = session("bot", "s1", sessionKey(1));
const records = [
  fromLambda(),
  ...[0, 1, 2].map((number) =>
    record({
      eventID: eventId(100 + number),
      eventTime: secondsAfter(number * 86_400),
      userIdentity: bot,
      eventSource: "secretsmanager.amazonaws.com",
      eventName: "GetSecretValue",
      requestParameters: { secretId: secret },
    }),
  ),
  record({
    eventID: eventId(110),
    userIdentity: bot,
    eventSource: "iam.amazonaws.com",
    eventName: "ListUsers",
    errorCode: "AccessDenied",
    requestParameters: null,
  }),
  record({
    eventID: eventId(120),
    userIdentity: session("tool", "s2", sessionKey(2)),
    eventSource: "sqs.amazonaws.com",
    eventName: "SendMessage",
    requestParameters: { queueUrl: "https://sqs.us-east-1.amazonaws.com/111122223333/q" },
  }),
  record({
    eventID: eventId(130),
    userIdentity: user(),
    eventSource: "ec2.amazonaws.com",
    eventName: "DescribeInstances",
    requestParameters: {},
  }),
];
const manifest = (statements: string) => `apiVersion: cordon/v1
kind: Workload
metadata: { name: support-bot, owner: team-support }
spec:
  class: agent
  identifiedBy:
    - roleArn: arn:aws:iam::${account}:role/bot
    - lambdaFunction: arn:aws:lambda:us-east-1:${account}:function:support-bot
  envelope:
    statements: ${statements}
`;
const narrow = '[{ Effect: Allow, Action: "bedrock:InvokeModel*", Resource: "*" }]';
const wide = '[{ Effect: Allow, Action: ["bedrock:InvokeModel*", "secretsmanager:GetSecretValue"], Resource: "*" }]';
const policy = (...statements: readonly object[]) => JSON.stringify({ Version: "2012-10-17", Statement: statements });
const granting = (name: string, action: string) =>
  terraform([
    kept("aws_iam_role.r", role(name)),
    change("aws_iam_role_policy.p", { after: { name: "own", role: name, policy: document(allow(action)) } }),
  ]);

const folder = folderWith({
  "logs/a.ndjson": ndjson(records),
  "narrow/bot.yaml": manifest(narrow),
  "wide/bot.yaml": manifest(wide),
  "models.json": policy({ Effect: "Allow", Action: "bedrock:*", Resource: "*" }),
  "all.json": policy({ Effect: "Allow", Action: "*", Resource: "*" }),
  "no-secrets.json": policy({ Sid: "NoSecrets", Effect: "Deny", Action: "secretsmanager:*", Resource: "*" }),
  "tagged.json": policy({
    Effect: "Allow",
    Action: "*",
    Resource: "*",
    Condition: { StringEquals: { "aws:PrincipalTag/a": "b" } },
  }),
  "containment.json": JSON.stringify({
    denies: [
      { role: `arn:aws:iam::${account}:role/bot`, statements: [{ Effect: "Deny", Action: "*", Resource: "*" }] },
    ],
  }),
  "beyond.json": JSON.stringify(granting("bot", "kms:Decrypt"), undefined, 2),
  "within.json": JSON.stringify(granting("bot", "bedrock:InvokeModel")),
  "stack.json": JSON.stringify(
    changeSet([
      resourceChange("AWS::IAM::Policy", "Own", {
        after: { Roles: ["bot"], PolicyDocument: JSON.parse(document(allow("kms:Decrypt"))) },
      }),
    ]),
  ),
  "iam.json": JSON.stringify(
    details({ roles: [roleDetail("bot", { RolePolicyList: [inline("live", allow("kms:*"))] })] }),
  ),
  "broken.json": "{",
  "deep.json": `{"format_version":"1.2","resource_changes":${"[".repeat(20_000)}${"]".repeat(20_000)}}`,
  "template.yaml": `Resources:
  Bot: { Type: "AWS::IAM::Role", Properties: { RoleName: bot } }
  Own:
    Type: AWS::IAM::Policy
    Properties: { Roles: [{ Ref: Bot }] }
`,
  "tagged.yaml": "Resources: { Own: { Properties: { Roles: [!Ref Bot] } } }",
  "open-stack.json": JSON.stringify(
    changeSet([
      resourceChange("AWS::IAM::Policy", "Own", {
        after: { Roles: [later], PolicyDocument: JSON.parse(document(allow("kms:Decrypt"))) },
      }),
    ]),
  ),
  "torn.ndjson": `${ndjson(records)}\nnot json\n`,
});
const path = (name: string): string => join(folder, name);
const logs = path("logs");
const manifests = ["--workloads", path("narrow")] as const;

/** The lines of a run, without those that every run ends with. */
async function simulated(
  ...words: readonly string[]
): Promise<{ readonly code: number; readonly lines: readonly Line[] }> {
  const { code, out } = await cordon("simulate", "--json", "--workers", "1", ...words);
  return { code, lines: out.map((line) => JSON.parse(line)) };
}

describe("cordon simulate with records", () => {
  it("names the calls that a policy would deny: how many, on how many days, with one example", async () => {
    const { code, lines } = await simulated(
      logs,
      ...manifests,
      "--policy",
      path("models.json"),
      "--for",
      "support-bot",
    );
    expect(code).toBe(0);
    expect(lines[0]).toEqual({
      type: "simulated",
      candidate: `policy ${path("models.json")} for support-bot`,
      kind: "denied",
      severity: "high",
      who: "support-bot",
      declared: true,
      api: "secretsmanager:GetSecretValue",
      action: "secretsmanager:GetSecretValue",
      because: "the policy does not allow it",
      calls: 3,
      days: 3,
      first: secondsAfter(0),
      last: secondsAfter(2 * 86_400),
      resources: 1,
      example: {
        eventID: eventId(100),
        at: secondsAfter(0),
        api: "secretsmanager:GetSecretValue",
        resource: secret,
      },
    });
    expect(lines[1]).toMatchObject({ type: "simulation", judged: 4, unchanged: 1, refused: 1, notJudged: {} });
    expect(lines.at(-1)).toMatchObject({ type: "simulation-limits" });
  });

  it("is quiet about a policy that allows what was done", async () => {
    const { lines } = await simulated(logs, ...manifests, "--policy", path("all.json"), "--for", "support-bot");
    expect(lines.map(({ type }) => type)).toEqual(["simulation", "simulation-limits"]);
  });

  it("judges a boundary, a service control policy, a containment, each by itself", async () => {
    const { lines } = await simulated(
      logs,
      ...manifests,
      ...["--boundary", path("models.json"), "--for", `arn:aws:iam::${account}:role/tool`],
      ...["--scp", path("no-secrets.json"), "--account", account],
      ...["--plan", path("containment.json")],
    );
    const found = lines.filter(({ type }) => type === "simulated");
    expect(found.map(({ who, api, severity, because }) => [who, api, severity, because])).toEqual([
      [`role:arn:aws:iam::${account}:role/tool`, "sqs:SendMessage", "medium", "the boundary does not allow it"],
      [
        "support-bot",
        "secretsmanager:GetSecretValue",
        "high",
        "the service control policy denies it (statement NoSecrets)",
      ],
      ["support-bot", "secretsmanager:GetSecretValue", "high", "the policy denies it (statement 1)"],
      ["support-bot", "bedrock:InvokeModel", "high", "the policy denies it (statement 1)"],
    ]);
    const other = await simulated(logs, "--scp", path("no-secrets.json"), "--account", "444455556666");
    expect(other.lines[0]).toMatchObject({ type: "simulation", judged: 0 });
    expect(other.lines.at(-1)?.["because"]).toContainEqual(
      expect.stringContaining("no call in these records is of anybody"),
    );
  });

  it("needs no manifests for a candidate that names none", async () => {
    const { lines } = await simulated(logs, "--scp", path("no-secrets.json"));
    expect(lines[0]).toMatchObject({ kind: "denied", severity: "medium", declared: false, calls: 3 });
  });

  it("says what turns on a key that no record has", async () => {
    const { lines } = await simulated(logs, ...manifests, "--policy", path("tagged.json"), "--for", "support-bot");
    expect(lines[0]).toMatchObject({ kind: "depends", severity: "info", because: "depends on aws:principaltag/a" });
  });

  it("compares manifests by what the line makes of them, and counts what lies outside", async () => {
    const { lines } = await simulated(logs, "--workloads", path("narrow"), "--against", path("wide"));
    const outside = lines.find(({ kind }) => kind === "outside");
    expect(outside).toMatchObject({
      who: "support-bot",
      action: "secretsmanager:GetSecretValue",
      calls: 3,
      severity: "high",
    });
    expect(lines.find(({ type }) => type === "simulation")).toMatchObject({ before: {}, after: {}, judged: 4 });
    expect(lines.some(({ kind, who }) => kind === "finding-appears" && who === "support-bot")).toBe(true);
    const same = await simulated(logs, "--workloads", path("wide"), "--against", path("wide"));
    expect(same.lines.filter(({ type }) => type === "simulated")).toEqual([]);
  });

  it("counts each call outside an envelope only when it is asked to be strict", async () => {
    const words = [
      "simulate",
      logs,
      "--workloads",
      path("narrow"),
      "--against",
      path("narrow"),
      "--fail-on",
      "high",
      "--workers",
      "1",
    ];
    expect((await cordon(...words)).code).toBe(0);
    expect((await cordon(...words, "--strict")).code).toBe(1);
  });

  it("looks at the window that it is given", async () => {
    const { lines } = await simulated(
      logs,
      ...manifests,
      "--policy",
      path("models.json"),
      "--for",
      "support-bot",
      "--since",
      "2026-02-01",
    );
    expect(lines[0]).toMatchObject({ calls: 2, days: 2, example: { eventID: eventId(101) } });
  });

  it("reads a store that a replay wrote", async () => {
    const store = path("state.sqlite");
    await cordon("replay", logs, ...manifests, "--store", store, "--quiet");
    const { lines } = await simulated(
      "--store",
      store,
      ...manifests,
      "--policy",
      path("models.json"),
      "--for",
      "support-bot",
    );
    expect(lines[0]).toMatchObject({ kind: "denied", calls: 3, days: 3 });
  });

  it("prints a table for people, and what it cannot show", async () => {
    const { out } = await cordon(
      "simulate",
      logs,
      ...manifests,
      "--policy",
      path("models.json"),
      "--for",
      "support-bot",
      "--workers",
      "1",
    );
    const text = out.join("\n");
    expect(text).toContain("4 calls judged, 3 would be denied; 1 call had been refused anyway");
    expect(text).toContain("What this cannot show:");
  });
});

describe("cordon simulate with a plan of infrastructure", () => {
  it("is quiet within the envelope and fails beyond it", async () => {
    const within = await simulated("--terraform", path("within.json"), ...manifests, "--fail-on", "info");
    expect(within.code).toBe(0);
    const beyond = await simulated("--terraform", path("beyond.json"), ...manifests, "--fail-on", "high");
    expect(beyond.code).toBe(1);
    expect(beyond.lines[0]).toMatchObject({
      kind: "grant",
      severity: "high",
      who: "support-bot",
      address: "aws_iam_role_policy.p",
    });
  });

  it("judges a change set likewise", async () => {
    const { code, lines } = await simulated("--change-set", path("stack.json"), ...manifests, "--fail-on", "high");
    expect(code).toBe(1);
    expect(lines[0]).toMatchObject({ kind: "grant", who: "support-bot", address: "Own" });
  });

  it("asks the new template which resource is meant, in YAML as well", async () => {
    const alone = await simulated("--change-set", path("open-stack.json"), ...manifests);
    expect(alone.lines[0]).toMatchObject({ kind: "unknown", address: "Own" });
    const told = await simulated(
      "--change-set",
      path("open-stack.json"),
      "--template",
      path("template.yaml"),
      ...manifests,
    );
    expect(told.lines[0]).toMatchObject({ kind: "grant", severity: "high", who: "support-bot" });
  });

  it("knows what the account grants already", async () => {
    const { lines } = await simulated(
      "--terraform",
      path("beyond.json"),
      ...manifests,
      "--account-state",
      path("iam.json"),
    );
    expect(lines.map(({ type }) => type)).toEqual(["simulation", "simulation-limits"]);
  });

  it("writes SARIF that names the file and the line", async () => {
    const { out } = await cordon("simulate", "--terraform", path("beyond.json"), ...manifests, "--format", "sarif");
    const log = JSON.parse(out.join("\n"));
    expect(out).toHaveLength(1);
    expect(log.runs[0].results[0]).toMatchObject({ ruleId: "simulate-grant", level: "error" });
    const { artifactLocation, region } = log.runs[0].results[0].locations[0].physicalLocation;
    expect(artifactLocation.uri).toMatch(/^file:\/\/.*beyond\.json$/);
    expect(region.startLine).toBeGreaterThan(10);
  });

  it("writes Markdown for a comment", async () => {
    const { out } = await cordon("simulate", "--terraform", path("beyond.json"), ...manifests, "--format", "markdown");
    expect(out[0]).toBe("### cordon simulate");
    expect(out.join("\n")).toContain("| **high** |");
  });
});

describe("cordon simulate", () => {
  it.each([
    ["without a candidate", [logs]],
    ["without records", [...manifests, "--policy", path("models.json"), "--for", "support-bot"]],
    ["with a policy for nobody", [logs, "--policy", path("models.json")]],
    ["with a workload that is not there", [logs, ...manifests, "--policy", path("models.json"), "--for", "suport-bot"]],
    ["with whom before what", [logs, "--for", "x", "--policy", path("models.json")]],
    ["with an account that is none", [logs, "--scp", path("all.json"), "--account", "1"]],
    ["with a policy that is none", [logs, "--scp", path("broken.json")]],
    ["with a plan that is none", ["--terraform", path("stack.json")]],
    ["with a plan that is nested too deep", ["--terraform", path("deep.json")]],
    ["with a template of short forms", ["--change-set", path("stack.json"), "--template", path("tagged.yaml")]],
    ["with a change set that is none", ["--change-set", path("beyond.json")]],
    ["with records and a plan that is none", [logs, "--scp", path("all.json"), "--terraform", path("stack.json")]],
    ["with a containment that is none", [logs, "--plan", path("all.json")]],
    ["with a file that is not there", [logs, "--scp", path("absent.json")]],
    ["with records beside a plan", [logs, "--terraform", path("beyond.json")]],
    ["with files and a store", [logs, "--store", path("x"), "--scp", path("all.json")]],
    ["with two forms of output", [logs, "--scp", path("all.json"), "--json", "--format", "sarif"]],
    ["with an empty path", ["", "--scp", path("all.json")]],
    ["with half an account state", ["--terraform", path("beyond.json"), "--account-state", path("broken.json")]],
  ])("is refused %s, before anything ran", async (_, words) => {
    const { code, out, err } = await cordon("simulate", ...words);
    expect([code, out]).toEqual([2, []]);
    expect(err.join("\n").length).toBeGreaterThan(20);
  });

  it("says by 3 that something could not be read, whatever else it found", async () => {
    const { code, lines } = await simulated(
      path("torn.ndjson"),
      ...manifests,
      "--policy",
      path("models.json"),
      "--for",
      "support-bot",
      "--fail-on",
      "low",
    );
    expect(code).toBe(3);
    expect(lines[0]).toMatchObject({ kind: "denied" });
  });

  it("says by 4 that there is no such store", async () => {
    expect((await cordon("simulate", "--store", path("none.sqlite"), "--scp", path("all.json"))).code).toBe(4);
  });
});
