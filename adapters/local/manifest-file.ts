import { readFile, stat } from "node:fs/promises";
import { problemAt } from "../../core/event/located.ts";
import { type Manifests, readManifests } from "../../core/identity/manifest/manifest.ts";
import { parseYaml, yamlLimits } from "./yaml.ts";

/** Reads one file of manifests by itself: what it extends has to be in it. Named in messages as `shown`. */
export async function loadManifestFile(file: string, shown: string = file): Promise<Manifests> {
  const refused = (message: string): Manifests =>
    readManifests([], [problemAt({ file: shown, line: 1, column: 1 }, message)]);
  try {
    const { size } = await stat(file);
    if (size > yamlLimits.bytes) return refused(`is larger than ${yamlLimits.bytes} bytes: split it`);
    const text = new TextDecoder("utf-8", { fatal: true }).decode(await readFile(file));
    const parsed = parseYaml(shown, text);
    return parsed.ok ? readManifests(parsed.documents, []) : readManifests([], parsed.problems);
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
    return refused(`cannot be read as a file in UTF-8 (${code})`);
  }
}
