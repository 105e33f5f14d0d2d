import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { EventId } from "../../../../core/event/event.ts";
import { instant } from "../../../../core/event/instant.ts";
import { startedFromIn } from "../../../../core/flow/capacity/started-from.ts";
import { account, at, eventId, type RecordObject, region } from "../../../fixtures/records.ts";
import { folded } from "../folding.ts";
import { arn, call } from "./capacity.ts";

const noon = Date.parse(at);
const key = (thing: string): string => `${account}/${region}/${thing}`;

/** The types that are known of a thing so many seconds after noon. */
function types(records: readonly RecordObject[], thing: string, seconds = 60): readonly string[] | string {
  const before = { at: instant(noon + seconds * 1_000), id: eventId(999) as EventId };
  const answer = startedFromIn(folded([[records]]))({ kind: "started-from", thing: key(thing), before });
  return answer.kind === "started-from"
    ? answer.types.map(({ type, count }) => (count === undefined ? type : `${count} ${type}`))
    : answer.because;
}

const template = (number: number, seconds: number, instanceType: string): RecordObject =>
  call("ec2:CreateLaunchTemplate", [number, seconds], {
    request: {
      CreateLaunchTemplateRequest: { LaunchTemplateName: "gpu", LaunchTemplateData: { InstanceType: instanceType } },
    },
    response: {
      CreateLaunchTemplateResponse: { launchTemplate: { launchTemplateId: "lt-0aaa", launchTemplateName: "gpu" } },
    },
  });
const version = (
  number: number,
  seconds: number,
  data: RecordObject,
  versionNumber: number,
  source?: string,
): RecordObject =>
  call("ec2:CreateLaunchTemplateVersion", [number, seconds], {
    request: {
      CreateLaunchTemplateVersionRequest: {
        LaunchTemplateId: "lt-0aaa",
        ...(source === undefined ? {} : { SourceVersion: source }),
        LaunchTemplateData: data as never,
      },
    },
    response: {
      CreateLaunchTemplateVersionResponse: { launchTemplateVersion: { launchTemplateId: "lt-0aaa", versionNumber } },
    },
  });
const group = (number: number, seconds: number, over: RecordObject = {}): RecordObject =>
  call("autoscaling:CreateAutoScalingGroup", [number, seconds], {
    request: {
      autoScalingGroupName: "gpu",
      maxSize: 8,
      launchTemplate: { launchTemplateId: "lt-0aaa", version: "$Latest" },
      ...over,
    } as never,
  });

describe("what is started", () => {
  it("is read from the template that a group names, by id or by name", () => {
    expect(types([template(1, 0, "g5.xlarge"), group(2, 10)], "autoscaling:group/gpu")).toEqual(["g5.xlarge"]);
    const byName = group(2, 10, { launchTemplate: { launchTemplateName: "gpu" } as never });
    expect(types([template(1, 0, "g5.xlarge"), byName], "autoscaling:group/gpu")).toEqual(["g5.xlarge"]);
  });

  it("is what the version said by then", () => {
    const records = [template(1, 0, "m5.large"), version(3, 30, { InstanceType: "p5.48xlarge" }, 2), group(2, 40)];
    expect(types(records, "ec2:launch-template/lt-0aaa/$Latest", 20)).toEqual(["m5.large"]);
    expect(types(records, "ec2:launch-template/lt-0aaa/$Latest", 35)).toEqual(["p5.48xlarge"]);
    expect(types(records, "ec2:launch-template/lt-0aaa/1")).toEqual(["m5.large"]);
    expect(types(records, "autoscaling:group/gpu")).toEqual(["p5.48xlarge"]);
  });

  it("is inherited from the source of a version that does not say it, and follows the default", () => {
    const records = [
      template(1, 0, "g5.xlarge"),
      version(2, 10, { UserData: "x" }, 2, "1"),
      version(3, 20, { InstanceType: "p5.48xlarge" }, 3),
      call("ec2:ModifyLaunchTemplate", [4, 30], {
        request: { ModifyLaunchTemplateRequest: { LaunchTemplateId: "lt-0aaa", SetDefaultVersion: "3" } },
      }),
    ];
    expect(types(records, "ec2:launch-template/lt-0aaa/2")).toEqual(["g5.xlarge"]);
    expect(types(records, "ec2:launch-template/lt-0aaa/$Default", 25)).toEqual(["g5.xlarge"]);
    expect(types(records, "ec2:launch-template/lt-0aaa/$Default", 35)).toEqual(["p5.48xlarge"]);
  });

  it("is followed from a group over a version to that version's source, not to whatever was written last", () => {
    const records = [
      template(1, 0, "g5.xlarge"),
      version(2, 10, { InstanceType: "p5.48xlarge" }, 2),
      version(3, 20, { UserData: "x" }, 3, "1"),
      group(4, 30),
    ];
    expect(types(records, "autoscaling:group/gpu")).toEqual(["g5.xlarge"]);
  });

  it("is what an endpoint's configuration counts", () => {
    const records = [
      call("sagemaker:CreateEndpointConfig", [1, 0], {
        request: {
          endpointConfigName: "Chat-1",
          productionVariants: [{ instanceType: "ml.g5.xlarge", initialInstanceCount: 3 }],
        },
        response: { endpointConfigArn: arn("sagemaker", "endpoint-config/chat-1") },
      }),
      call("sagemaker:CreateEndpoint", [2, 10], {
        request: { endpointName: "chat", endpointConfigName: "Chat-1" },
        response: { endpointArn: arn("sagemaker", "endpoint/chat") },
      }),
    ];
    expect(types(records, "sagemaker:endpoint/chat")).toEqual(["3 ml.g5.xlarge"]);
  });

  it("is not known where nobody saw it written, or only later, or it goes in circles", () => {
    const notSeen = "the call that wrote down what it starts is not in these records";
    expect(types([group(2, 10)], "autoscaling:group/gpu")).toBe(notSeen);
    expect(types([template(1, 70, "g5.xlarge"), group(2, 10)], "autoscaling:group/gpu")).toBe(notSeen);
    expect(types([version(1, 0, {}, 2, "2")], "ec2:launch-template/lt-0aaa/2")).toBe(notSeen);
  });

  it("is the same whatever the order, with repetitions", () => {
    const records = [
      template(1, 0, "m5.large"),
      version(3, 30, { InstanceType: "p5.48xlarge" }, 2),
      version(4, 40, { UserData: "x" }, 3, "2"),
      group(2, 50),
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray([...records, ...records], { minLength: 4 }), (shuffled) => {
        expect(types([...shuffled, ...records], "autoscaling:group/gpu")).toEqual(["p5.48xlarge"]);
      }),
    );
  });
});
