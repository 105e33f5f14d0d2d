import type { DatabaseSync } from "node:sqlite";
import type { Issuance } from "../../core/identity/issuance.ts";
import { issuanceLinks } from "../../core/identity/session-store.ts";
import { lineageTables } from "./sqlite-tables.ts";

/**
 * From store schema 1 to 2: issued credentials were found by their key id only, now every link is found under each of its
 * keys. Items of a form older than that are left out: nothing but the live line reads them, for 36 hours.
 */
export function upgradeFrom1(db: DatabaseSync): void {
  for (const table of lineageTables) db.exec(table);
  const put = db.prepare(
    "INSERT INTO links (key, id, schema, kept_until, item) VALUES (?, ?, 1, ?, ?) ON CONFLICT DO NOTHING",
  );
  for (const row of db.prepare("SELECT item FROM sessions WHERE schema = 1").iterate()) {
    const issuance = issuanceIn(String(row["item"]));
    if (issuance === undefined) continue;
    for (const link of issuanceLinks(issuance)) put.run(link.key, link.id, link.keptUntil, JSON.stringify(link));
  }
  db.exec("DROP TABLE sessions");
}

function issuanceIn(item: string): Issuance | undefined {
  const { schema: _, parent: __, ...issuance } = JSON.parse(item) as Issuance & Record<"schema" | "parent", unknown>;
  return issuance.api === undefined || issuance.session === undefined ? undefined : issuance;
}
