import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { attribute } from "../../../core/identity/attribute.ts";
import { resolvers } from "../../../core/identity/catalog.ts";
import { conventionOf, idIn } from "../../../core/identity/session-convention.ts";
import type { Registry } from "../../../core/identity/workload.ts";
import { eventOf } from "../../fixtures/read.ts";
import { account, assumeRole, type RecordObject, record, session, sessionKey, user } from "../../fixtures/records.ts";
import { attributionOf, issuedBy, placementsAmong } from "./behind.ts";
import { registryFrom, workload } from "./manifest/manifest-examples.ts";

const uuid = "7d2f9a51-0000-4000-8000-000000000001";
const task = "0123456789abcdef0123456789abcdef";
const role = `arn:aws:iam::${account}:role/ml`;
const arn = (service: string, resource: string): string => `arn:aws:${service}:us-east-1:${account}:${resource}`;
const call = (api: string, requestParameters: RecordObject, responseElements: RecordObject): RecordObject =>
  record({
    eventSource: `${api.split(":")[0]}.amazonaws.com`,
    eventName: api.split(":")[1] ?? "",
    requestParameters: requestParameters as never,
    responseElements: responseElements as never,
  });

/** Everything that may put the one role to work, and the selector that would name it. */
const works: readonly (readonly [RecordObject, RecordObject])[] = [
  [
    call("lambda:CreateFunction", {}, { functionArn: arn("lambda", "function:bot"), role }),
    { lambdaFunction: arn("lambda", "function:bot") },
  ],
  [
    call(
      "ecs:RegisterTaskDefinition",
      {},
      {
        taskDefinition: { taskDefinitionArn: arn("ecs", "task-definition/bot:1"), taskRoleArn: role },
      },
    ),
    { ecsTaskRole: "ml" },
  ],
  [
    call("codebuild:CreateProject", {}, { project: { arn: arn("codebuild", "project/p"), serviceRole: role } }),
    { codeBuildProject: "p" },
  ],
  [call("glue:CreateJob", { name: "nightly", role }, { name: "nightly" }), { glueJob: "nightly" }],
  [
    call(
      "bedrock-agentcore:CreateAgentRuntime",
      { roleArn: role },
      { agentRuntimeArn: arn("bedrock-agentcore", "runtime/r-1") },
    ),
    { agentCoreRuntime: "r-1" },
  ],
  [
    call(
      "bedrock:CreateAgent",
      {},
      { agent: { agentArn: arn("bedrock", "agent/ABCDEFGHIJ"), agentResourceRoleArn: role } },
    ),
    { bedrockAgent: "ABCDEFGHIJ" },
  ],
  [
    call(
      "sagemaker:CreateTrainingJob",
      { roleArn: role },
      { trainingJobArn: arn("sagemaker", "training-job/night-1") },
    ),
    { sagemaker: { trainingJobPrefix: "night-" } },
  ],
  [
    call(
      "sagemaker:CreateDomain",
      { defaultUserSettings: { executionRole: role } as never },
      { domainArn: arn("sagemaker", "domain/d-abc") },
    ),
    { sagemaker: { domainUser: "d-abc/ana" } },
  ],
  [
    call("iam:AddRoleToInstanceProfile", { instanceProfileName: "node", roleName: "ml" }, {}),
    { ec2InstanceProfile: "node" },
  ],
];
const names = [
  "i-0123456789abcdef0",
  task,
  `AWSCodeBuild-${uuid}`,
  "GlueJobRunnerSession",
  "SageMaker",
  `BedrockAgentCore-${uuid}`,
  "bot",
  "alice",
];
const services = ["ec2", "ecs-tasks", "codebuild", "glue", "sagemaker", "bedrock-agentcore", "bedrock", "lambda"];

/** One session of the role, with everything that may be known about it. */
const shape = fc.record({
  name: fc.constantFrom(...names),
  issuer: fc.constantFrom(undefined, "AWS Internal", ...services.map((one) => `${one}.amazonaws.com`)),
  works: fc.subarray(works as (readonly [RecordObject, RecordObject])[]),
  selectors: fc.subarray(works.map(([, selector]) => selector)),
  declared: fc.boolean(),
  marked: fc.boolean(),
  sourceIdentity: fc.constantFrom(undefined, "ana"),
});
type Shape = typeof shape extends fc.Arbitrary<infer Value> ? Value : never;

const acted = ({ name, marked, sourceIdentity }: Pick<Shape, "name" | "marked" | "sourceIdentity">): RecordObject => {
  const plain = session("ml", name, sessionKey(1));
  return record({
    userIdentity: {
      ...plain,
      sessionContext: {
        ...(plain["sessionContext"] as object),
        ...(marked ? { ec2RoleDelivery: "2.0" } : {}),
        ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
      },
    },
  });
};

const issued = (issuer: string): RecordObject =>
  assumeRole({ type: "AWSService", invokedBy: issuer }, "ml", sessionKey(1), { sharedEventID: undefined });

const registryOf = (selectors: readonly RecordObject[], declared: boolean): Registry =>
  registryFrom(
    ...[...selectors, ...(declared ? [{ roleArn: role }] : [])].map((selector, place) =>
      workload(`w${place}`, `- ${JSON.stringify(selector)}`),
    ),
  );

describe("what runs with a role", () => {
  it("is never contested, whatever the role works in, whoever issued the session, whatever is declared", () =>
    fc.assert(
      fc.property(shape, (one) => {
        const among = [
          ...one.works.map(([record]) => record),
          ...(one.issuer === undefined ? [] : [issued(one.issuer)]),
        ];
        const attribution = attributionOf(acted(one), among, registryOf(one.selectors, one.declared));
        expect(attribution.kind === "contested" ? attribution.claims : []).toEqual([]);
      }),
      { numRuns: 500 },
    ));

  it("is not told by a name that a user chose: the role alone may say so, or nobody", () =>
    fc.assert(
      fc.property(shape, fc.boolean(), (one, seen) => {
        // Without a record that puts the role to work, and without AWS's own mark, only the name is left.
        const among = seen ? [...one.works.map(([record]) => record), assumeRole(user(), "ml", sessionKey(1))] : [];
        const attribution = attributionOf(acted({ ...one, marked: false }), among, registryOf(one.selectors, false));
        expect(attribution.confidence).toBe("low");
      }),
      { numRuns: 500 },
    ));

  it("is asked of few resolvers: none claims a session whose issuing call names a user", () => {
    const event = eventOf(acted({ name: task, marked: false, sourceIdentity: undefined }));
    const issuing = issuedBy(assumeRole(user(), "ml", sessionKey(1)));
    if (event.kind !== "api-call" || issuing === undefined) throw new Error("the test needs both calls");
    const { principal } = event;
    const known = { registry: registryOf([], false), placements: placementsAmong(works.map(([record]) => record)) };
    expect(
      resolvers.map((resolver) => resolver.resolve({ ...known, principal, issuedBy: issuing })),
    ).not.toContainEqual(expect.anything());
    expect(attribute(principal, { ...known, issuance: () => issuing }).kind).toBe("unattributed");
  });
});

describe("session names", () => {
  it.each([
    ["i-0123456789abcdef0", "ec2"],
    [task, "ecs"],
    [`AWSCodeBuild-${uuid}`, "codebuild"],
    ["GlueJobRunnerSession", "glue"],
    ["SageMaker", "sagemaker"],
    [`BedrockAgentCore-${uuid}`, "agentcore"],
    [`eks-bots-trainer-${uuid}`, "eks"],
    ["awslambda_1_20260131120000000", "lambda-service"],
    ["SageMaker-ana", undefined],
    ["0123456789ABCDEF0123456789ABCDEF", undefined],
    ["botocore-session-1", undefined],
    ["", undefined],
  ])("%s are named as by %s", (name, convention) => expect(conventionOf(name)).toBe(convention));
  it("carry an id behind the service's word", () => {
    expect(idIn(`AWSCodeBuild-${uuid}`)).toBe(uuid);
    expect(idIn(`BedrockAgentCore-${uuid}`)).toBe(uuid);
    expect(idIn(task)).toBe(task);
  });
});
