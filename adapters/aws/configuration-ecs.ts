import type { ECSClient } from "@aws-sdk/client-ecs";
import { calls } from "./configuration-ecs.calls.ts";
import type { ServiceReader } from "./configuration-reading.ts";
import { retrying } from "./retry.ts";

/** The newest active revision of a task definition. */
export const ecsConfiguration: ServiceReader<Pick<ECSClient, "send">> = {
  client: async (region) => new (await import("@aws-sdk/client-ecs")).ECSClient({ region, maxAttempts: 1 }),
  async read(client, thing, sleep) {
    const { DescribeTaskDefinitionCommand } = await import("@aws-sdk/client-ecs");
    const ask = new DescribeTaskDefinitionCommand({ taskDefinition: thing.name });
    return retrying(() => client.send(ask), { call: calls[0], names: thing }, sleep);
  },
};
