import type { LambdaClient } from "@aws-sdk/client-lambda";
import { calls } from "./configuration-lambda.calls.ts";
import type { ServiceReader } from "./configuration-reading.ts";
import { retrying } from "./retry.ts";

/** A function as it is configured; its variables are shown to whoever may read them. */
export const lambdaConfiguration: ServiceReader<Pick<LambdaClient, "send">> = {
  client: async (region) => new (await import("@aws-sdk/client-lambda")).LambdaClient({ region, maxAttempts: 1 }),
  async read(client, thing, sleep) {
    const { GetFunctionConfigurationCommand } = await import("@aws-sdk/client-lambda");
    const ask = new GetFunctionConfigurationCommand({ FunctionName: thing.name });
    return retrying(() => client.send(ask), { call: calls[0], names: thing }, sleep);
  },
};
