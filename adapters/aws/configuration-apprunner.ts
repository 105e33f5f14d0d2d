import type { AppRunnerClient } from "@aws-sdk/client-apprunner";
import { calls } from "./configuration-apprunner.calls.ts";
import type { ServiceReader } from "./configuration-reading.ts";
import { retrying } from "./retry.ts";

/** A service with the variables of its source. */
export const apprunnerConfiguration: ServiceReader<Pick<AppRunnerClient, "send">> = {
  client: async (region) => new (await import("@aws-sdk/client-apprunner")).AppRunnerClient({ region, maxAttempts: 1 }),
  async read(client, thing, sleep) {
    const { DescribeServiceCommand } = await import("@aws-sdk/client-apprunner");
    const ask = new DescribeServiceCommand({ ServiceArn: thing.arn });
    return retrying(() => client.send(ask), { call: calls[0], names: thing }, sleep);
  },
};
