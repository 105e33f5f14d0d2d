import type { Suggested } from "./suggest-identity.ts";

/** Names by key. No two are the same, nor differ in case only: a file is called so. */
export function namesFor(all: Iterable<Suggested>, taken: ReadonlySet<string>): ReadonlyMap<string, string> {
  const sorted = [...all].toSorted((a, b) => (a.key < b.key ? -1 : 1));
  let named = sorted.map((one) => ({ one, name: plainName(one) }));
  for (const more of [({ account }: Place) => account, ({ region }: Place) => region]) {
    const often = countsOf(named.map(({ name }) => name));
    named = named.map(({ one, name }) => {
      const further = one.kind === "declared" ? "" : more(one);
      const alone = often.get(name.toLowerCase()) === 1 && !isTaken(taken, name);
      return { one, name: alone || further === "" ? name : joined(name, further) };
    });
  }
  const used = new Set([...taken].map((one) => one.toLowerCase()));
  const names = new Map<string, string>();
  for (const { one, name } of named) {
    let free = name;
    for (let number = 2; used.has(free.toLowerCase()); number++) free = joined(name, String(number));
    used.add(free.toLowerCase());
    names.set(one.key, free);
  }
  return names;
}

type Place = Extract<Suggested, { readonly kind: "undeclared" }>;

/** A manifest's own draft stands beside it, so that a folder with both can be read. */
function plainName(one: Suggested): string {
  if (one.kind === "declared")
    return one.workload.status === "draft" ? one.workload.name : `${one.workload.name.slice(0, longest - 6)}.draft`;
  const name = one.name
    .replaceAll(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[^A-Za-z0-9]+/, "")
    .slice(0, longest)
    .replace(/[^A-Za-z0-9]+$/, "");
  return name === "" ? "workload" : name;
}

/** A manifest's name may have so many characters. */
const longest = 63;

const joined = (name: string, more: string): string => `${name.slice(0, longest - more.length - 1)}-${more}`;

const isTaken = (taken: ReadonlySet<string>, name: string): boolean =>
  [...taken].some((one) => one.toLowerCase() === name.toLowerCase());

function countsOf(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name.toLowerCase(), (counts.get(name.toLowerCase()) ?? 0) + 1);
  return counts;
}
