import type { DatabaseSync } from "node:sqlite";
import type { IamWrite } from "../../core/iam/account/iam-change.ts";
import { policyKey } from "../../core/iam/account/write-key.ts";
import type { Issuance } from "../../core/identity/lineage/issuance.ts";
import { issuanceLinks } from "../../core/identity/lineage/session-store.ts";
import { iamTable, lineageTables, responseTables } from "./sqlite-tables.ts";

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

/**
 * From store schema 2 to 3: of IAM only the default versions of managed policies were kept, now all that is written of
 * identities and policies is. The versions' ids were not kept: each is named by the event that wrote it.
 */
export function upgradeFrom2(db: DatabaseSync): void {
  db.exec(iamTable);
  const put = db.prepare(
    "INSERT INTO iam_writes (key, id, schema, at, item) VALUES (?, ?, 1, ?, ?) ON CONFLICT DO NOTHING",
  );
  for (const row of db.prepare("SELECT item FROM policies WHERE schema = 1").iterate()) {
    const { policy, at, eventID: id, document } = JSON.parse(String(row["item"])) as OlderWrite;
    const change =
      document === undefined
        ? ({ kind: "policy-deleted", policy } as const)
        : ({ kind: "version-created", policy, isDefault: true, document } as const);
    const write: IamWrite = { schema: 1, at, id, change };
    put.run(policyKey(policy), id, at, JSON.stringify(write));
  }
  db.exec("DROP TABLE policies");
}

/** From store schema 3 to 4: a place for what is done about findings. */
export function upgradeFrom3(db: DatabaseSync): void {
  for (const table of responseTables) db.exec(table);
}

/** A managed policy's default version as schema 2 had it; without a document the policy was deleted. */
interface OlderWrite {
  readonly policy: string;
  readonly at: number;
  readonly eventID: string;
  readonly document?: unknown;
}

function issuanceIn(item: string): Issuance | undefined {
  const { schema: _, parent: __, ...issuance } = JSON.parse(item) as Issuance & Record<"schema" | "parent", unknown>;
  return issuance.api === undefined || issuance.session === undefined ? undefined : issuance;
}
