import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  CreateLaunchConfigurationCommand,
  DescribeAutoScalingGroupsCommand,
} from "@aws-sdk/client-auto-scaling";
import { CreateRoleCommand } from "@aws-sdk/client-iam";
import { CreateFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Slot } from "../../core/respond/slot.ts";
import { type Moto, startMoto } from "./moto.ts";
import { account, stageOn, thereAndBack, trust } from "./stage.ts";

const functionArn = `arn:aws:lambda:us-east-1:${account}:function:support-bot`;
/** The smallest zip file: nothing is run. */
const emptyZip = Uint8Array.from([0x50, 0x4b, 5, 6, ...new Array<number>(18).fill(0)]);

let moto: Moto;
let stage: ReturnType<typeof stageOn>;
let group = "";

beforeAll(async () => {
  moto = await startMoto(account);
  stage = stageOn(moto.endpoint);
  const { iam, own } = stage;
  await iam.send(new CreateRoleCommand({ RoleName: "bot", AssumeRolePolicyDocument: JSON.stringify(trust) }));
  const lambda = new LambdaClient(own);
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: "support-bot",
      Role: `arn:aws:iam::${account}:role/bot`,
      Runtime: "nodejs22.x",
      Handler: "bot.handler",
      Code: { ZipFile: emptyZip },
    }),
  );
  const scaling = new AutoScalingClient(own);
  await scaling.send(
    new CreateLaunchConfigurationCommand({
      LaunchConfigurationName: "gpu",
      ImageId: "ami-12c6146b",
      InstanceType: "t3.micro",
    }),
  );
  await scaling.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName: "gpu",
      LaunchConfigurationName: "gpu",
      MinSize: 0,
      MaxSize: 4,
      DesiredCapacity: 1,
      AvailabilityZones: ["us-east-1a"],
    }),
  );
  const answer = await scaling.send(new DescribeAutoScalingGroupsCommand({}));
  group = answer.AutoScalingGroups?.[0]?.AutoScalingGroupARN ?? "";
});

afterAll(() => moto.stop());

describe("the services' slots on the wire", () => {
  it("halts a function that had nothing reserved, and lets it run again", async () => {
    const slot: Slot = { kind: "function-concurrency", functionArn };
    expect(await thereAndBack(stage.all, { slot, before: null, after: 0 })).toEqual({
      ...{ before: null, done: "accepted", between: 0, undone: "accepted", after: null },
    });
    expect(await stage.all.read({ kind: "function-concurrency", functionArn: `${functionArn}-other` })).toBeNull();
  });

  it("freezes a fleet and lets it go on", async () => {
    const processes: Slot = { kind: "scaling-processes", group };
    const after = ["Launch", "Terminate"];
    expect(await thereAndBack(stage.all, { slot: processes, before: [], after })).toEqual({
      ...{ before: [], done: "accepted", between: after, undone: "accepted", after: [] },
    });
    const size: Slot = { kind: "scaling-size", group };
    const free = { min: 0, max: 4, desired: 1 };
    const held = { min: 0, max: 1, desired: 1 };
    expect(await thereAndBack(stage.all, { slot: size, before: free, after: held })).toEqual({
      ...{ before: free, done: "accepted", between: held, undone: "accepted", after: free },
    });
  });

  it("takes a fleet of the same name and another id for another one", async () => {
    expect((await stage.all.snapshot(group))?.held).toHaveLength(2);
    const other = group.replace(/:autoScalingGroup:[^:]+:/, ":autoScalingGroup:11111111-1111-4111-8111-111111111111:");
    expect(await stage.all.snapshot(other)).toBeUndefined();
    expect(await stage.all.read({ kind: "scaling-size", group: other })).toBeNull();
  });
});
