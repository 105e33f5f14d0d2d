import { type FactAnswer, type FactSource, factKey } from "../../detect/facts/fact.ts";
import type { ConfiguredSecret } from "../../event/secret-scan/configured.ts";
import { Fault } from "../../fault.ts";

/** What reading a configuration came to; no value is in it. */
export type ReadConfiguration =
  | { readonly kind: "read"; readonly secrets: readonly ConfiguredSecret[] }
  | { readonly kind: "not-read"; readonly because: string };

/** Reads configurations where they are: in the member account, by a function of its own, where that is switched on. */
export interface ConfigurationReader {
  /** By ARN. Throws Fault when the reader itself cannot be reached. */
  read(things: readonly string[]): Promise<ReadonlyMap<string, ReadConfiguration>>;
}

/** Answers what secrets stand in configurations from a reader, where there is one; what else is asked goes to `others`. */
export const withConfigurations = (reader: ConfigurationReader | undefined, others: FactSource): FactSource => ({
  async answer(facts) {
    const here = facts.filter((fact) => fact.kind === "configuration");
    if (here.length === 0) return others.answer(facts);
    const told = await others.answer(facts.filter((fact) => fact.kind !== "configuration"));
    const read = await readBy(reader, [...new Set(here.map(({ thing }) => thing))]);
    return new Map([...told, ...here.map((fact) => [factKey(fact), answerOf(read(fact.thing))] as const)]);
  },
});

type Read = (thing: string) => ReadConfiguration;

const notRead = (because: string): ReadConfiguration => ({ kind: "not-read", because });

/** A configuration that cannot be read is a blind spot of its finding, not a reason to find nothing; a busy reader is asked again. */
async function readBy(reader: ConfigurationReader | undefined, things: readonly string[]): Promise<Read> {
  if (reader === undefined) return () => notRead("reading configurations is not switched on here");
  try {
    const known = await reader.read(things);
    return (thing) => known.get(thing) ?? notRead("it was not answered");
  } catch (cause) {
    if (!(cause instanceof Fault) || cause.retryable) throw cause;
    return () => notRead(`the reader answered "${cause.code}"`);
  }
}

const answerOf = (read: ReadConfiguration): FactAnswer =>
  read.kind === "read"
    ? { kind: "configuration", secrets: read.secrets, because: "read from the service after the event" }
    : { kind: "unknown", because: read.because };
