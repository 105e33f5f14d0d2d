import { isObject, type JsonObject } from "../../core/event/json.ts";
import { Fault } from "../../core/fault.ts";
import type { ConfigurationSource } from "../../core/flow/facts/read-configuration.ts";
import { parseArn } from "../../core/iam/arn.ts";
import { apprunnerConfiguration } from "./configuration-apprunner.ts";
import { batchConfiguration } from "./configuration-batch.ts";
import { codebuildConfiguration } from "./configuration-codebuild.ts";
import { ec2Configuration } from "./configuration-ec2.ts";
import { ecsConfiguration } from "./configuration-ecs.ts";
import { glueConfiguration } from "./configuration-glue.ts";
import { lambdaConfiguration } from "./configuration-lambda.ts";
import type { ConfiguredThing, ServiceReader } from "./configuration-reading.ts";
import { sagemakerConfiguration } from "./configuration-sagemaker.ts";
import { nameOf } from "./fault.ts";
import type { Sleep } from "./retry.ts";

/** Reads a thing with a client of its own for each Region. */
export type Reading = (thing: ConfiguredThing, sleep: Sleep) => Promise<object | undefined>;

/** A reader with its clients: each is made once. */
export function reading<Client>({ client, read }: ServiceReader<Client>): Reading {
  const clients = new Map<string, Promise<Client>>();
  return async (thing, sleep) => {
    const known = clients.get(thing.region) ?? client(thing.region);
    clients.set(thing.region, known);
    return read(await known, thing, sleep);
  };
}

/** Every service that is read, by its word in ARNs. */
export const readings = (): ReadonlyMap<string, Reading> =>
  new Map([
    ["apprunner", reading(apprunnerConfiguration)],
    ["batch", reading(batchConfiguration)],
    ["codebuild", reading(codebuildConfiguration)],
    ["ec2", reading(ec2Configuration)],
    ["ecs", reading(ecsConfiguration)],
    ["glue", reading(glueConfiguration)],
    ["lambda", reading(lambdaConfiguration)],
    ["sagemaker", reading(sagemakerConfiguration)],
  ]);

/** Configurations of one account as the services tell them. What is no thing of `account` is not read. */
export function configurationSource(
  account: string,
  sleep: Sleep,
  services: ReadonlyMap<string, Reading> = readings(),
): ConfigurationSource {
  return {
    async read(arn) {
      const thing = thingOf(arn);
      const read = thing === undefined || thing.account !== account ? undefined : services.get(thing.service);
      const said = thing === undefined || read === undefined ? undefined : await answered(read(thing, sleep));
      // Dates and the like become text, as a record has them.
      return said === undefined ? undefined : (JSON.parse(JSON.stringify(said)) as JsonObject);
    },
  };
}

/** Services have many names for what is gone or never was, and answer all of them with 400 to 499. */
async function answered(asked: Promise<object | undefined>): Promise<object | undefined> {
  try {
    return await asked;
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    const metadata = cause instanceof Error && "$metadata" in cause ? cause.$metadata : undefined;
    const status = isObject(metadata) ? metadata["httpStatusCode"] : undefined;
    if (typeof status !== "number" || status < 400 || status > 499) throw cause;
    throw new Fault("not-found", `it does not exist (any more), or not by this name: ${nameOf(cause)}`);
  }
}

function thingOf(arn: string): ConfiguredThing | undefined {
  const parsed = parseArn(arn);
  if (parsed === undefined) return undefined;
  const { partition, service, region, account, resource } = parsed;
  const [, type = "", name = ""] = /^([a-z-]+)[:/](.{1,512})$/.exec(resource) ?? [];
  return name === "" || region === "" ? undefined : { arn, partition, service, region, account, type, name };
}
