import type { BatchClient } from "@aws-sdk/client-batch";
import { calls } from "./configuration-batch.calls.ts";
import type { ServiceReader } from "./configuration-reading.ts";
import { retrying } from "./retry.ts";

/** The newest of the active revisions of a job definition that Batch names first, at most a hundred. */
export const batchConfiguration: ServiceReader<Pick<BatchClient, "send">> = {
  client: async (region) => new (await import("@aws-sdk/client-batch")).BatchClient({ region, maxAttempts: 1 }),
  async read(client, thing, sleep) {
    const { DescribeJobDefinitionsCommand } = await import("@aws-sdk/client-batch");
    const ask = new DescribeJobDefinitionsCommand({ jobDefinitionName: thing.name, status: "ACTIVE", maxResults: 100 });
    const said = await retrying(() => client.send(ask), { call: calls[0], names: thing }, sleep);
    return said.jobDefinitions?.toSorted((a, b) => (b.revision ?? 0) - (a.revision ?? 0))[0];
  },
};
