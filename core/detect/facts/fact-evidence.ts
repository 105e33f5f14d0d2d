import type { Instant } from "../../event/instant.ts";
import type { Evidence } from "../finding.ts";
import { aboutOf, type Fact, type FactAnswer, type Facts, factKey } from "./fact.ts";

/** What an answer rests on, in words for a person; with the age of what IAM said, counted from the event. */
export function restsOn(answer: FactAnswer | undefined, at: Instant): string {
  if (answer === undefined) return "nothing was asked";
  if (answer.kind === "unknown") return `not known: ${answer.because}`;
  const age = answer.readAt === undefined ? "" : `, read ${span(answer.readAt - at)} the event`;
  return `${answer.because}${age}`;
}

/** The same as evidence of a finding on an event of that time. */
export const factEvidence = (fact: Fact, facts: Facts, at: Instant): Evidence => ({
  kind: "fact",
  about: aboutOf(fact),
  because: restsOn(facts.get(factKey(fact)), at),
});

function span(milliseconds: number): string {
  const seconds = Math.round(Math.abs(milliseconds) / 1_000);
  const side = milliseconds < 0 ? "before" : "after";
  if (seconds < 120) return `${seconds} s ${side}`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min ${side}`;
  return `${Math.round(seconds / 3_600)} h ${side}`;
}
