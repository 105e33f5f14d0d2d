import type { GlueClient } from "@aws-sdk/client-glue";
import { calls } from "./configuration-glue.calls.ts";
import type { ServiceReader } from "./configuration-reading.ts";
import { retrying } from "./retry.ts";

/** A job with its default arguments. */
export const glueConfiguration: ServiceReader<Pick<GlueClient, "send">> = {
  client: async (region) => new (await import("@aws-sdk/client-glue")).GlueClient({ region, maxAttempts: 1 }),
  async read(client, thing, sleep) {
    const { GetJobCommand } = await import("@aws-sdk/client-glue");
    const ask = new GetJobCommand({ JobName: thing.name });
    return retrying(() => client.send(ask), { call: calls[0], names: thing }, sleep);
  },
};
