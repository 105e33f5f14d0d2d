import type { Sleep } from "./retry.ts";

/** What is configured, taken apart; the words of its ARN stand in for those of a right. */
export type ConfiguredThing = Readonly<
  Record<"arn" | "partition" | "service" | "region" | "account" | "type" | "name", string>
>;

/** How one service is asked for a configuration. Its client is loaded when the first one is asked for. */
export interface ServiceReader<Client> {
  client(region: string): Promise<Client>;
  /** The service's answer as it is, values included; nothing where it does not read this type. */
  read(client: Client, thing: ConfiguredThing, sleep: Sleep): Promise<object | undefined>;
}
