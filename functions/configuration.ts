import middy from "@middy/core";
import { Fault } from "../core/fault.ts";
import type { ReadConfiguration } from "../core/flow/facts/configuration-facts.ts";
import { type ConfigurationSource, mostThings, readConfigurations } from "../core/flow/facts/read-configuration.ts";
import { isArn } from "../core/iam/arn.ts";

/** Which configurations are to be read, by ARN. */
export interface ConfigurationRequest {
  readonly things: readonly string[];
}

/** What came of each, by ARN: places, kinds and fingerprints. */
export type ConfigurationAnswer = Readonly<Record<string, ReadConfiguration>>;

export interface ConfigurationPorts {
  readonly source: ConfigurationSource;
  /** The same in every account of a deployment, so that one secret in two accounts is one. */
  readonly fingerprintKey: string;
}

/**
 * The configuration function, in the member account and only where it is switched on: reads configurations and answers
 * which secrets stand in them, without a value. Its rights are reading configurations, nothing else. What a service said
 * in an error stays here; who asked is told its code.
 */
export function configurationHandler({ source, fingerprintKey }: ConfigurationPorts) {
  const reader = readConfigurations(source, fingerprintKey);
  return middy<ConfigurationRequest, ConfigurationAnswer>({ timeoutEarlyInMillis: 0 }).handler(async (request) => {
    const things = thingsIn(request);
    try {
      return Object.fromEntries(await reader.read(things));
    } catch (cause) {
      if (!(cause instanceof Fault)) throw new Error("the configurations could not be read");
      throw new Fault(cause.code, "the configurations could not be read");
    }
  });
}

/** Whoever may call it may send anything. */
const thingsIn = ({ things }: Partial<ConfigurationRequest>): readonly string[] =>
  Array.isArray(things)
    ? things.filter((one): one is string => typeof one === "string" && isArn(one)).slice(0, mostThings)
    : [];
