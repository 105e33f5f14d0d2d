import type { CodeBuildClient } from "@aws-sdk/client-codebuild";
import { calls } from "./configuration-codebuild.calls.ts";
import type { ServiceReader } from "./configuration-reading.ts";
import { retrying } from "./retry.ts";

/** A project with its variables. */
export const codebuildConfiguration: ServiceReader<Pick<CodeBuildClient, "send">> = {
  client: async (region) => new (await import("@aws-sdk/client-codebuild")).CodeBuildClient({ region, maxAttempts: 1 }),
  async read(client, thing, sleep) {
    const { BatchGetProjectsCommand } = await import("@aws-sdk/client-codebuild");
    const ask = new BatchGetProjectsCommand({ names: [thing.name] });
    return retrying(() => client.send(ask), { call: calls[0], names: thing }, sleep);
  },
};
