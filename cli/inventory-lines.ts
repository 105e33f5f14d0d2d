import { instant, printInstant } from "../core/event/instant.ts";
import type { IdentityRow, SecretRow } from "../core/flow/inventory/inventory-row.ts";

/** The NDJSON line of one identity or credential. What is not known is left out. */
export function identityLine(row: IdentityRow): string {
  const {
    kind,
    id,
    account,
    workload,
    owner,
    flags,
    risk,
    reasons,
    mayAssume,
    assumedBy,
    members,
    secrets,
    decrypts,
    ...rest
  } = row;
  return JSON.stringify({
    type: "identity",
    kind,
    id,
    account,
    workload,
    owner,
    ...rest,
    ...timesOf(rest, ["created", "lastUsed"]),
    ...withoutEmpty({ mayAssume, assumedBy, members, secrets }),
    ...(decrypts === 0 ? {} : { decrypts }),
    flags,
    risk,
    reasons,
  });
}

/** The NDJSON line of one secret. */
export function secretLine({ readers, ...row }: SecretRow): string {
  return JSON.stringify({
    type: "secret",
    ...row,
    ...timesOf(row, ["last"]),
    readers: readers.map((one) => ({ ...one, ...timesOf(one, ["last"]) })),
  });
}

export const printSecond = (second: number | undefined): string =>
  second === undefined ? "" : printInstant(instant(second * 1_000));

const timesOf = <Key extends string>(
  row: { readonly [One in Key]?: number },
  names: readonly Key[],
): Readonly<Record<string, string>> =>
  Object.fromEntries(names.flatMap((name) => (row[name] === undefined ? [] : [[name, printSecond(row[name])]])));

const withoutEmpty = (
  lists: Readonly<Record<string, readonly string[]>>,
): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0));
