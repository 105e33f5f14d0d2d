import type { EC2Client } from "@aws-sdk/client-ec2";
import { calls } from "./configuration-ec2.calls.ts";
import type { ServiceReader } from "./configuration-reading.ts";
import { retrying } from "./retry.ts";

/** The user data of an instance, or of the newest version of a launch template by id or name. */
export const ec2Configuration: ServiceReader<Pick<EC2Client, "send">> = {
  client: async (region) => new (await import("@aws-sdk/client-ec2")).EC2Client({ region, maxAttempts: 1 }),
  async read(client, thing, sleep) {
    const { DescribeInstanceAttributeCommand, DescribeLaunchTemplateVersionsCommand } = await import(
      "@aws-sdk/client-ec2"
    );
    if (thing.type === "instance") {
      const ask = new DescribeInstanceAttributeCommand({ InstanceId: thing.name, Attribute: "userData" });
      return retrying(() => client.send(ask), { call: calls[0], names: thing }, sleep);
    }
    if (thing.type !== "launch-template") return undefined;
    const which = thing.name.startsWith("lt-") ? { LaunchTemplateId: thing.name } : { LaunchTemplateName: thing.name };
    const ask = new DescribeLaunchTemplateVersionsCommand({ ...which, Versions: ["$Latest"] });
    return retrying(() => client.send(ask), { call: calls[1], names: thing }, sleep);
  },
};
