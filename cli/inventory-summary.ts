import type { Inventory } from "../core/flow/inventory/inventory.ts";
import { printSecond } from "./inventory-lines.ts";
import { visible } from "./terminal.ts";

/** What an inventory came to, for a person: counts by kind and by flag, the secrets, and what limits the answer. */
export function* inventorySummary(
  { identities, secrets, missingPolicies }: Inventory,
  { at, read, accounts }: { readonly at: number; readonly read: string; readonly accounts: number },
): Generator<string> {
  const undeclared = secrets.flatMap(({ readers }) => readers).filter((one) => one.declared === "not-declared").length;
  yield `${number(identities.length)} identities and credentials as of ${printSecond(at)}, from ${read}${accounts === 0 ? "" : ` and the IAM state of ${accounts} account${accounts === 1 ? "" : "s"}`}`;
  yield `  by kind  ${counted(identities.map(({ kind }) => kind))}`;
  yield `  by flag  ${counted(identities.flatMap(({ flags }) => flags))}`;
  yield `  secrets  ${number(secrets.length)} read by ${number(new Set(secrets.flatMap(({ readers }) => readers.map(({ id }) => id))).size)} readers, ${number(undeclared)} times not named by the reader's manifest`;
  if (accounts === 0)
    yield "  without --account-state: who may assume a role, what is granted and which ways to more rights are open is not known";
  if (missingPolicies.length > 0)
    yield visible(
      `  ${missingPolicies.length} attached policies have no text in the IAM state, so more may be granted: ${missingPolicies.slice(0, 3).join(", ")}`,
    );
}

function counted(names: readonly string[]): string {
  const groups = [...Map.groupBy(names, (one) => one)].map(([name, all]) => ({ name, count: all.length }));
  groups.sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
  return groups.length === 0 ? "none" : groups.map(({ name, count }) => `${number(count)} ${name}`).join(" · ");
}

const number = (value: number): string => value.toLocaleString("en-US");
