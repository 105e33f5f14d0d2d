import { type Entry, entryOf, type Located, printPlace, quoted, textAt } from "../../event/located.ts";
import type { Report } from "./manifest-reader.ts";
import { suggestion } from "./nearest.ts";

/** Profiles by name; of two with one name the first. */
export type Profiles = ReadonlyMap<string, Located>;

/** A document with what it extends under it; `partial` when not all of that could be found, which is then reported. */
export interface Extended {
  readonly value: Located;
  readonly extent: "whole" | "partial";
}

/**
 * The document with its profile's defaults under it. Mappings merge key by key and the document wins; anything else
 * (lists, text, numbers) is taken whole from the document. `metadata.name` is never shared.
 */
export function withProfile(document: Located, profiles: Profiles, report: Report): Extended {
  const seen: Located[] = [document];
  let value = document;
  for (let next = entryOf(document, "extends"); next !== undefined; ) {
    const profile = named(next, profiles, report);
    if (profile === undefined) return { value, extent: "partial" };
    if (seen.includes(profile)) {
      report(next.value.place, `${quoted(nameOf(next))} extends itself, by way of ${printPlace(profile.place)}`);
      return { value, extent: "partial" };
    }
    seen.push(profile);
    value = merge(value, shared(profile));
    next = entryOf(profile, "extends");
  }
  return { value, extent: "whole" };
}

const nameOf = (entry: Entry): string => (entry.value.kind === "text" ? entry.value.text : "");

function named(entry: Entry, profiles: Profiles, report: Report): Located | undefined {
  if (entry.value.kind !== "text") return undefined;
  const found = profiles.get(entry.value.text);
  if (found === undefined) {
    const near =
      profiles.size === 0 ? "; no document here has kind: Profile" : suggestion(nameOf(entry), [...profiles.keys()]);
    report(entry.value.place, `no Profile is named ${quoted(entry.value.text)}${near}`);
  }
  return found;
}

function shared(profile: Located): Located {
  const metadata = entryOf(profile, "metadata");
  const spec = entryOf(profile, "spec");
  const entries = metadata?.value.kind === "mapping" ? metadata.value.entries : [];
  const unnamed = entries.filter(({ key }) => key !== "name");
  const { place } = profile;
  return {
    kind: "mapping",
    place,
    entries: [
      { key: "metadata", place: metadata?.place ?? place, value: { kind: "mapping", place, entries: unnamed } },
      ...(spec === undefined ? [] : [spec]),
    ],
  };
}

function merge(over: Located, under: Located): Located {
  if (over.kind !== "mapping" || under.kind !== "mapping") return over;
  const own = new Set(over.entries.map(({ key }) => key));
  const merged = over.entries.map((entry): Entry => {
    const below = entryOf(under, entry.key);
    return below === undefined ? entry : { ...entry, value: merge(entry.value, below.value) };
  });
  return { ...over, entries: [...merged, ...under.entries.filter(({ key }) => !own.has(key))] };
}

/** The profiles among the documents, by name. */
export function profilesOf(documents: readonly Located[]): Profiles {
  const profiles = documents.filter((document) => textAt(document, "kind") === "Profile");
  return new Map(profiles.toReversed().map((profile) => [textAt(profile, "metadata", "name") ?? "", profile]));
}
