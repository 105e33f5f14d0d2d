import { aboutOf, type Fact, type FactSource, type Facts, factKey } from "../../detect/facts/fact.ts";
import { Fault } from "../../fault.ts";

/** A fact source that answers "unknown" where the one behind it may not read or finds nothing there. */
export interface TolerantFacts extends FactSource {
  /** What could not be read, and why. */
  readonly blind: readonly string[];
}

/**
 * Lets one fact that cannot be read cost only the detectors that ask for it. A source that is slow, busy or out of reach
 * still fails the batch: it will come again.
 */
export function tolerantFacts(facts: FactSource): TolerantFacts {
  const blind: string[] = [];
  const one = async (fact: Fact): Promise<Facts> => {
    try {
      return await facts.answer([fact]);
    } catch (cause) {
      if (!isClosed(cause)) throw cause;
      blind.push(`${aboutOf(fact)}: ${cause.code}`);
      return new Map([[factKey(fact), { kind: "unknown", because: `it could not be read (${cause.code})` }]]);
    }
  };
  return {
    blind,
    async answer(asked) {
      try {
        return await facts.answer(asked);
      } catch (cause) {
        if (!isClosed(cause)) throw cause;
        const answers = new Map();
        for (const fact of asked) for (const [key, answer] of await one(fact)) answers.set(key, answer);
        return answers;
      }
    },
  };
}

const isClosed = (cause: unknown): cause is Fault =>
  cause instanceof Fault && (cause.code === "denied" || cause.code === "not-found");
