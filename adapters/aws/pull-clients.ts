import type { CallerClient } from "./caller.ts";
import type { LookupClient } from "./cloudtrail-lookup.ts";
import type { TrailClient } from "./trail-bucket.ts";

/** Clients for a pull, each made when it is first asked for. */
export interface PullClients {
  /** The Region given, else the one of the environment or the configuration file, else nothing. */
  readonly region: string | undefined;
  caller(): Promise<CallerClient>;
  bucket(): Promise<TrailClient>;
  lookup(region: string): Promise<LookupClient>;
}

/** One request a call: `retry.ts` repeats, so that it is paced and counted in one place. */
const once = { maxAttempts: 1 };

/** Credentials and Region come from where every SDK looks for them; nothing is sent before a client is used. */
export async function pullClients(given: string | undefined): Promise<PullClients> {
  const region = given ?? (await configuredRegion());
  const where = region === undefined ? once : { ...once, region };
  const lookups = new Map<string, LookupClient>();
  return {
    region,
    async caller() {
      const { STSClient } = await import("@aws-sdk/client-sts");
      return new STSClient(where);
    },
    async bucket() {
      const { S3Client } = await import("@aws-sdk/client-s3");
      // A trail's bucket is often in another Region than the person's configuration names.
      return new S3Client({ ...where, followRegionRedirects: true });
    },
    async lookup(one) {
      const { CloudTrailClient } = await import("@aws-sdk/client-cloudtrail");
      const client = lookups.get(one) ?? new CloudTrailClient({ ...once, region: one });
      lookups.set(one, client);
      return client;
    },
  };
}

async function configuredRegion(): Promise<string | undefined> {
  const { STSClient } = await import("@aws-sdk/client-sts");
  try {
    return await new STSClient(once).config.region();
  } catch (cause) {
    // The SDK has no name for this error but its text.
    if (cause instanceof Error && cause.message === "Region is missing") return undefined;
    throw cause;
  }
}
