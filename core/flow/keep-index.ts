import { apiOf } from "../event/decode.ts";
import type { Head } from "../event/head.ts";

/** Names AWS has are some ten thousands; beyond this many, somebody is making them up. */
const mostNames = 50_000;

/** Answers, once per record, whether its call is one of these. Envelopes of services are always looked at again. */
export function keepIndex(apis: readonly string[]): (head: Pick<Head, "form" | "source" | "name">) => boolean {
  const wanted = new Set(apis);
  let bySource = new Map<string, Map<string, boolean>>();
  let names = 0;
  return ({ form, source, name }) => {
    if (form === "envelope") return true;
    const known = bySource.get(source)?.get(name);
    if (known !== undefined) return known;
    if (names++ > mostNames) {
      bySource = new Map();
      names = 0;
    }
    const answer = wanted.has(apiOf(source, name));
    const byName = bySource.get(source) ?? new Map<string, boolean>();
    bySource.set(source, byName.set(name, answer));
    return answer;
  };
}
