import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { attributor } from "../../../core/flow/attributor.ts";
import { placementsIn } from "../../../core/flow/placements.ts";
import { emptyRegistry } from "../../../core/identity/registry.ts";
import { account, eventId, type RecordObject, record, session, sessionKey } from "../../fixtures/records.ts";
import { folded } from "./folding.ts";

const role = (name: string): string => `arn:aws:iam::${account}:role/${name}`;
const arn = (service: string, resource: string): string => `arn:aws:${service}:us-east-1:${account}:${resource}`;
const task = "0123456789abcdef0123456789abcdef";
const instance = "i-0123456789abcdef0";

let number = 500;
const call = (api: string, requestParameters: RecordObject, responseElements: RecordObject | null): RecordObject => {
  const [service, eventName = ""] = api.split(":");
  return record({
    eventSource: `${service}.amazonaws.com`,
    eventName,
    requestParameters: requestParameters as never,
    responseElements: responseElements as never,
    eventID: eventId(number++),
    readOnly: false,
  });
};

const put: readonly RecordObject[] = [
  call(
    "ecs:RegisterTaskDefinition",
    {},
    {
      taskDefinition: { taskDefinitionArn: arn("ecs", "task-definition/bot:1"), taskRoleArn: role("bot") },
    },
  ),
  call(
    "ecs:RegisterTaskDefinition",
    {},
    {
      taskDefinition: { taskDefinitionArn: arn("ecs", "task-definition/bot:2"), taskRoleArn: role("bot") },
    },
  ),
  call(
    "ecs:RunTask",
    {},
    {
      tasks: [{ taskArn: arn("ecs", `task/prod/${task}`), taskDefinitionArn: arn("ecs", "task-definition/bot:2") }],
    },
  ),
  call(
    "sagemaker:CreateModel",
    { modelName: "m", executionRoleArn: role("ml") },
    { modelArn: arn("sagemaker", "model/m") },
  ),
  call(
    "sagemaker:CreateEndpointConfig",
    { productionVariants: [{ modelName: "m" }] },
    { endpointConfigArn: arn("sagemaker", "endpoint-config/c") },
  ),
  call("sagemaker:CreateEndpoint", { endpointConfigName: "c" }, { endpointArn: arn("sagemaker", "endpoint/rag") }),
  call(
    "ec2:RunInstances",
    {},
    {
      instancesSet: {
        items: [{ instanceId: instance, tagSet: { items: [{ key: "eks:nodegroup-name", value: "gpu" }] } }],
      },
    },
  ),
  call("lambda:CreateFunction20150331", {}, { functionArn: arn("lambda", "function:bot"), role: role("fn") }),
];

const acts: readonly RecordObject[] = [
  record({ eventID: eventId(601), userIdentity: session("bot", task, sessionKey(1)) }),
  record({ eventID: eventId(602), userIdentity: session("ml", "SageMaker", sessionKey(2)) }),
  record({ eventID: eventId(603), userIdentity: session("node", instance, sessionKey(3)) }),
  record({ eventID: eventId(604), userIdentity: session("fn", "bot", sessionKey(4)) }),
];

const expected = [
  `indexed ecs:${account}/${task}`,
  `inferred ec2:${account}/us-east-1/${instance}`,
  `indexed lambda:${arn("lambda", "function:bot")}`,
  `indexed sagemaker:${arn("sagemaker", "endpoint/rag")}`,
].sort();

/** What each session of the acts is attributed to, with these records read in this order. */
function answers(records: readonly RecordObject[]): readonly string[] {
  const state = folded([[records]]);
  const of = attributor(state, emptyRegistry);
  return Array.from({ length: state.principals.count }, (_, who) => of(who))
    .flatMap((one) => ("class" in one ? [`${one.class} ${one.id}`] : []))
    .sort();
}

describe("placements of a whole state", () => {
  it("names what runs with a role, from the records that put it to work", () =>
    expect(answers([...put, ...acts])).toEqual(expected));

  it("does so in any order", () =>
    fc.assert(
      fc.property(fc.shuffledSubarray([...put, ...acts], { minLength: put.length + acts.length }), (records) => {
        expect(answers(records)).toEqual(expected);
      }),
      { numRuns: 25 },
    ));

  it.each([
    ["read in time order", put],
    ["read backwards", put.toReversed()],
  ])("knows each resource of a role once, by its first record, %s", (_, records) => {
    const placements = placementsIn(folded([[records]]));
    expect(placements.ofRole(role("bot"))).toMatchObject([
      { resource: arn("ecs", "task-definition/bot"), eventID: eventId(500) },
    ]);
    expect(placements.ofRun("kubernetes-node", account, instance)).toMatchObject({ resource: "nodegroup/gpu" });
    expect(placements.ofRun("ecs-task", "444455556666", task)).toBeUndefined();
  });
});
