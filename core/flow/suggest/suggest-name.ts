import type { Suggested } from "./suggest-identity.ts";

/** Names by key. No two are the same, nor differ in case only: a file is called so. */
export function namesFor(all: Iterable<Suggested>, taken: ReadonlySet<string>): ReadonlyMap<string, string> {
  let named = [...all].toSorted((a, b) => (a.key < b.key ? -1 : 1)).map((one) => ({ one, name: plainName(one) }));
  for (const tellsApart of [accountOf, kindOf, regionOf]) {
    const alike = Map.groupBy(named, ({ name }) => name.toLowerCase());
    const apart = new Set(
      [...alike].flatMap(([name, them]) => (new Set(them.map(({ one }) => tellsApart(one))).size > 1 ? [name] : [])),
    );
    named = named.map(({ one, name }) => {
      const further = apart.has(name.toLowerCase()) ? tellsApart(one) : "";
      return { one, name: further === "" ? name : joined(name, further) };
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

const accountOf = (one: Suggested): string => (one.kind === "declared" ? "" : one.account);
const regionOf = (one: Suggested): string => (one.kind === "declared" ? "" : one.region);

/** `roleArn` is called role, `lambdaFunction` function. */
const kindOf = (one: Suggested): string =>
  one.kind === "declared"
    ? ""
    : one.selector.kind
        .replace(/Arn$/, "")
        .replace(/^[a-z0-9]+(?=[A-Z])/, "")
        .toLowerCase();

/** A manifest's own draft stands beside it, so that a folder with both can be read. */
function plainName(one: Suggested): string {
  if (one.kind === "declared")
    return one.workload.status === "draft" ? one.workload.name : `${one.workload.name.slice(0, longest - 6)}.draft`;
  const name = one.name
    // CloudFormation ends the names that it makes up in twelve or thirteen characters of its own.
    .replace(/-(?=[A-Z]*\d)[A-Z0-9]{12,13}$/, "")
    .replaceAll(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[^A-Za-z0-9]+/, "")
    .slice(0, longest)
    .replace(/[^A-Za-z0-9]+$/, "");
  return name === "" ? "workload" : name;
}

/** A manifest's name may have so many characters. */
const longest = 63;

const joined = (name: string, more: string): string => `${name.slice(0, longest - more.length - 1)}-${more}`;
