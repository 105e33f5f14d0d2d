import type { JsonObject } from "../../event/json.ts";
import { configuredSecrets, secretsPlacedIn } from "../../event/secret-scan/configured.ts";
import { Fault } from "../../fault.ts";
import type { ConfigurationReader, ReadConfiguration } from "./configuration-facts.ts";

/** A service's own answer about what is configured. Its values are in memory only, and only while they are looked through. */
export interface ConfigurationSource {
  /** Nothing where this kind of thing is not read. Throws Fault when it is gone, may not be read, or the service is busy. */
  read(arn: string): Promise<JsonObject | undefined>;
}

/** So many configurations are read for one request. */
export const mostThings = 64;

/**
 * Reads configurations where they are and looks for secrets in memory. Only where, kind and fingerprint come out; what a
 * service says of itself in an error does not.
 */
export const readConfigurations = (source: ConfigurationSource, fingerprintKey: string): ConfigurationReader => ({
  async read(things) {
    const read = new Map<string, ReadConfiguration>();
    for (const thing of things.slice(0, mostThings)) read.set(thing, await one(source, thing, fingerprintKey));
    return read;
  },
});

async function one(source: ConfigurationSource, thing: string, key: string): Promise<ReadConfiguration> {
  try {
    const configuration = await source.read(thing);
    return configuration === undefined
      ? { kind: "not-read", because: "this kind of configuration is not read" }
      : { kind: "read", secrets: configuredSecrets(secretsPlacedIn(configuration), key) };
  } catch (cause) {
    if (!(cause instanceof Fault) || cause.retryable) throw cause;
    return { kind: "not-read", because: `the service answered "${cause.code}"` };
  }
}
