import { plainOf } from "../core/flow/suggest/noted.ts";
import { type Draft, type Suggestions, undeclaredOwner } from "../core/flow/suggest/suggest.ts";
import { daysOf, type History } from "../core/flow/suggest/suggest-manifest.ts";
import { counted, mostOf } from "../core/flow/suggest/suggest-words.ts";
import { type TablePage, table } from "./inventory-table.ts";
import { visible } from "./terminal.ts";

/** The drafts as a table that fits the terminal. */
export function suggestionTable(drafts: readonly Draft[], page: TablePage): readonly string[] {
  const known = drafts.some(({ unused }) => unused !== undefined);
  return table(
    [
      { head: "WORKLOAD", least: 16, cells: drafts.map(({ name }) => name) },
      { head: "OWNER", least: 10, cells: drafts.map(ownerOf), dropped: 3 },
      { head: "IDENTITIES", least: 4, cells: drafts.map(({ identities }) => number(identities)), dropped: 1 },
      { head: "CALLS", least: 4, cells: drafts.map(({ calls }) => number(calls)) },
      { head: "DAYS", least: 4, cells: drafts.map(({ active, days }) => `${active}/${days}`), dropped: 2 },
      { head: "STATEMENTS", least: 4, cells: drafts.map(({ statements }) => number(statements)), dropped: 4 },
      ...(known ? [{ head: "UNUSED GRANTS", least: 8, cells: drafts.map(unusedOf) }] : []),
    ],
    page,
  );
}

/** What was drafted and from what, whose calls need no draft, and where the drafts are. */
export function* suggestionSummary(
  { drafts, passedOver, history }: Suggestions & { readonly history: History },
  { read, folder }: { readonly read: string; readonly folder?: string },
): Generator<string> {
  yield visible(
    `${number(drafts.length)} draft${drafts.length === 1 ? "" : "s"} from ${read}, ${counted(daysOf(history), "day")} of history: the first line of each says what it will miss`,
  );
  if (passedOver.size > 0)
    yield `  not drafted: calls by ${mostOf(
      [...passedOver].map(([why, calls]) => [names[why], calls] as const),
      9,
    )}`;
  if (drafts.length > 0 && drafts.every(({ unused }) => unused === undefined))
    yield "  without --account-state: what is granted and was not used is not known";
  yield folder === undefined
    ? "  drafts identify nobody, page nobody and contain nothing; -o DIR writes each into a file"
    : visible(
        `  written to ${folder}; drafts identify nobody, page nobody and contain nothing until status: draft is taken out`,
      );
}

/** Where nobody owns it, the draft says where an owner was looked for. */
const ownerOf = ({ owner }: Draft): string =>
  owner.value === undeclaredOwner ? owner.value : `${owner.value} (${owner.source})`;

const names = {
  person: "persons",
  "AWS service": "AWS services",
  "other account": "other accounts",
  "nobody's": "nobody known",
  "asks only": "federated identities that only took sessions, which are drafted by themselves",
} as const;

function unusedOf({ unused }: Draft): string {
  if (unused === undefined) return "-";
  const ways =
    unused.paths.length === 0 ? "" : `, ${unused.paths.length} way${unused.paths.length === 1 ? "" : "s"} up`;
  return `${number(unused.actions)}/${number(unused.granted)}${ways}`;
}

const number = (value: number): string => value.toLocaleString("en-US");

/** The NDJSON line of one draft. */
export function suggestionLine(draft: Draft, file: string | undefined): string {
  const { name, owner, environment, identities, calls, active, days, statements, unused } = draft;
  return JSON.stringify({
    type: "suggestion",
    workload: name,
    owner: owner.value,
    ownerSource: owner.source,
    environment: environment?.value,
    identities,
    calls,
    days,
    active,
    statements,
    unused: unused && { ...unused, services: Object.fromEntries(unused.services) },
    file,
    manifest: plainOf(draft.document),
  });
}
