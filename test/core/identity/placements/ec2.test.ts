import { describe, expect, it } from "vitest";
import { arn, bare, shown } from "./shown.ts";

const instance = "i-0123456789abcdef0";
const profile = "arn:aws:iam::111122223333:instance-profile/gpu-node";
const tag = (key: string, value: string) => ({ key, value });
const started = (over = {}) => ({ instancesSet: { items: [{ instanceId: instance, ...over }] } });
const plain = { kind: "ec2-instance", resource: arn("ec2", `instance/${instance}`), run: instance };

describe("EC2", () => {
  it("reads an instance, and the profile that it was started with", () =>
    expect(
      shown("ec2:RunInstances", {}, started({ iamInstanceProfile: { arn: profile, id: "AIPA" } })).map(bare),
    ).toEqual([plain, { kind: "instance-profile", resource: profile, run: instance }]));
  it.each([
    ["answer", {}, { tagSet: { items: [tag("aws:autoscaling:groupName", "nodes")] } }],
    [
      "request",
      {
        tagSpecificationSet: {
          items: [{ resourceType: "instance", tags: [tag("aws:autoscaling:groupName", "nodes")] }],
        },
      },
      {},
    ],
  ])("reads the Auto Scaling group from the tags of the %s", (_, request, over) =>
    expect(shown("ec2:RunInstances", request, started(over)).map(bare)).toEqual([{ ...plain, group: "nodes" }]),
  );
  it("reads no group from the tags of another resource that is made beside", () =>
    expect(
      shown(
        "ec2:RunInstances",
        { tagSpecificationSet: { items: [{ resourceType: "volume", tags: [tag("aws:autoscaling:groupName", "x")] }] } },
        started(),
      ).map(bare),
    ).toEqual([plain]));
  it.each([
    ["karpenter.sh/nodepool", "gpu", "nodepool/gpu"],
    ["eks:nodegroup-name", "gpu", "nodegroup/gpu"],
    ["kubernetes.io/cluster/bots", "owned", "cluster/bots"],
  ])("knows a node of Kubernetes by the tag %s", (key, value, resource) =>
    expect(shown("ec2:RunInstances", {}, started({ tagSet: { items: [tag(key, value)] } })).map(bare)).toEqual([
      plain,
      { kind: "kubernetes-node", resource, run: instance },
    ]),
  );
  it("reads the profile that an instance got later", () =>
    expect(
      shown(
        "ec2:AssociateIamInstanceProfile",
        { AssociateIamInstanceProfileRequest: { InstanceId: instance, IamInstanceProfile: { Name: "gpu-node" } } },
        {
          AssociateIamInstanceProfileResponse: {
            iamInstanceProfileAssociation: { instanceId: instance, iamInstanceProfile: { arn: profile } },
          },
        },
      ).map(bare),
    ).toEqual([{ kind: "instance-profile", resource: profile, run: instance }]));
  it("reads every instance of one call, and nothing where there is none", () => {
    const two = {
      instancesSet: { items: [{ instanceId: "i-0123456789abcdef1" }, { instanceId: "i-0123456789abcdef2" }] },
    };
    expect(shown("ec2:RunInstances", {}, two)).toMatchObject([
      { field: "responseElements.instancesSet.items[0].instanceId" },
      { field: "responseElements.instancesSet.items[1].instanceId" },
    ]);
    expect(shown("ec2:RunInstances", {}, { instancesSet: { items: [{}] } })).toEqual([]);
    expect(shown("ec2:RunInstances", {}, null)).toEqual([]);
  });
});
