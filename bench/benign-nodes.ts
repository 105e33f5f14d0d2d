import type { Random } from "./corpus-random.ts";
import { roleArn } from "./corpus-world.ts";
import type { Scene, Template } from "./templates.ts";
import { launchRequest, launchResponse } from "./templates-launch.ts";

/** Nodes that run, and when each goes. */
export interface Node {
  readonly id: string;
  readonly until: number;
}

/** A launch of a few nodes, by one call or the other, and the nodes that it brings. */
export function launchOf(random: Random, at: number): { readonly template: Template; readonly nodes: readonly Node[] } {
  const nodes = Array.from({ length: random.between(1, 3) }, (): Node => {
    return { id: `i-0${random.hex(16)}`, until: at + random.between(1, 5) * 3_600_000 };
  });
  const instanceType = random.pick(["g5.2xlarge", "g5.xlarge", "m7i.2xlarge", "m7i.4xlarge", "c7i.2xlarge"]);
  return { nodes, template: random.chance(0.5) ? fleet(instanceType, nodes) : single(instanceType, nodes, at) };
}

/** The call that takes nodes away. */
export const terminationOf = (nodes: readonly Node[]): Template =>
  made("TerminateInstances", () => ({
    request: { instancesSet: { items: nodes.map(({ id }) => ({ instanceId: id })) } },
    response: {
      instancesSet: {
        items: nodes.map(({ id }) => ({
          instanceId: id,
          currentState: { code: 32, name: "shutting-down" },
          previousState: { code: 16, name: "running" },
        })),
      },
    },
  }));

/** `CreateFleet` of the instant kind, as a node autoscaler asks for it: the answer names the instances. */
const fleet = (instanceType: string, nodes: readonly Node[]): Template =>
  made("CreateFleet", ({ random }) => ({
    request: {
      CreateFleetRequest: {
        Type: "instant",
        TargetCapacitySpecification: { TotalTargetCapacity: nodes.length, DefaultTargetCapacityType: "spot" },
        LaunchTemplateConfigs: { tag: 1, Overrides: [{ tag: 1, InstanceType: instanceType }] },
      },
    },
    response: {
      CreateFleetResponse: {
        fleetId: `fleet-${random.uuid()}`,
        requestId: random.uuid(),
        fleetInstanceSet: {
          item: { instanceIds: { item: nodes.map(({ id }) => id) }, instanceType, lifecycle: "spot" },
        },
      },
    },
  }));

const single = (instanceType: string, nodes: readonly Node[], at: number): Template =>
  made("RunInstances", ({ random, role, region }) => {
    const launch = {
      ...{ account: role.account, region, instanceType, instances: nodes.map(({ id }) => id), at },
      ...{ image: `ami-0${random.hex(16)}`, subnet: "subnet-0aaaaaaaaaaaaaaa1", vpc: "vpc-0aaaaaaaaaaaaaaa1" },
      ...{ group: "sg-0aaaaaaaaaaaaaaa1", network: `eni-0${random.hex(16)}`, reservation: `r-0${random.hex(16)}` },
      ...{ clientToken: random.uuid(), requestId: random.uuid(), profile: "karpenter-node" },
      tags: { "karpenter.sh/nodepool": "gpu", "launched-by": roleArn(role) },
    };
    return { request: launchRequest(launch), response: launchResponse(launch) };
  });

function made(
  name: string,
  parts: (scene: Scene) => { readonly request: object; readonly response: object },
): Template {
  return {
    ...{ source: "ec2.amazonaws.com", name, weight: 1, readOnly: false, management: true },
    render(scene) {
      const { request, response } = parts(scene);
      return { requestJson: JSON.stringify(request), responseJson: JSON.stringify(response) };
    },
  };
}
