import type { AuthorisationFile } from "./authorisation.ts";

/**
 * Which request parameters tell what AWS checks a call for, by event source without `.amazonaws.com`: names at the top of
 * `requestParameters`, sorted. Whoever remembers these of a call can ask `authorise` later.
 */
export type ParametersRead = Readonly<Record<string, readonly string[]>>;

/** Collects the names from the rows that `authorise` reads; plain data, so that reading threads can be told. */
export function parametersRead({ prefixes, named, passes }: AuthorisationFile): ParametersRead {
  const names = new Map<string, Set<string>>();
  const add = (prefix: string, paths: readonly string[]): void => {
    const known = names.get(prefix) ?? new Set<string>();
    names.set(prefix, known);
    for (const path of paths) known.add(path.split(".", 1)[0] ?? path);
  };
  for (const [prefix, { types }] of Object.entries(named)) for (const paths of Object.values(types)) add(prefix, paths);
  for (const [action, paths] of Object.entries(passes.rows)) add(action.slice(0, action.indexOf(":")), paths);
  const aliases = Object.entries(prefixes.rows).flatMap(([source, prefix]) => {
    const known = names.get(prefix);
    return known === undefined ? [] : [[source, known] as const];
  });
  return Object.fromEntries([...names, ...aliases].map(([source, known]) => [source, [...known].sort()]));
}
