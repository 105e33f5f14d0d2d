import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { Attribution } from "../../../core/identity/attribution.ts";
import type { RecordObject } from "../../fixtures/records.ts";
import { attributionOf } from "./behind.ts";

/** Third-party records, for measuring only; a fresh clone has none. */
const file = join(import.meta.dirname, "../../../../shared/data/open/attribution.open.jsonl.gz");
const present = existsSync(file);
if (!present) console.log(`skipped: the measurement data is not here (${join("..", "shared", "data", "open")})`);

interface Row {
  readonly kind: string;
  readonly origin: string;
  readonly name?: string;
  readonly parent?: RecordObject;
  readonly child?: RecordObject;
  readonly events?: readonly RecordObject[];
  readonly expected: Readonly<Record<string, string>>;
}

const rows = (kind: string): readonly Row[] =>
  present
    ? gunzipSync(readFileSync(file))
        .toString("utf8")
        .split("\n")
        .filter((line) => line !== "")
        // One row is a documentation sample with the placeholder that its source file has for the partition.
        .map((line): Row => JSON.parse(line.replaceAll("{arn-aws}", "arn:aws:")))
        .filter((row) => row.kind === kind)
    : [];

const record = (row: Row): RecordObject => row.child ?? {};
const idOf = (attribution: Attribution): string => ("id" in attribution ? (attribution.id ?? "") : "");

/** What each kind of the data must become here: a kind of attribution, and how its id begins. */
const kinds: Readonly<Record<string, readonly [kind: Attribution["kind"] | undefined, id: string]>> = {
  aws_service: ["service", "service:"],
  service_linked_role: ["service", "service:"],
  ec2_instance: ["workload", "ec2:"],
  web_identity: ["workload", "eks:"],
  saml_user: ["person", "saml:"],
  root: ["person", "root:"],
  cross_account_or_service_account: ["external", "account:"],
  // A user is a person where the console is seen, and a machine where only a key is; the id is the user's in both.
  iam_user: [undefined, "user:"],
};

describe.skipIf(!present)("attribution of records that others recorded", () => {
  it("has all the rows", () =>
    expect(["chain", "workload", "principal_kind", "session"].map((kind) => rows(kind).length)).toEqual([
      2, 11, 76, 3,
    ]));

  it.each(rows("chain").map((row) => [row.origin, row] as const))("follows the chain of %s to its actor", (_, row) => {
    const { expected, parent = {} } = row;
    const { hops } = attributionOf(record(row), [parent]);
    expect(hops).toHaveLength(2);
    expect(hops[0]).toMatchObject({ eventID: expected["parent_event_id"], principal: expected["assumed"] });
    expect(hops[1]).toMatchObject({ eventID: null, principal: expected["actor"] });
  });

  it.each(rows("workload").map((row, place) => [place, row] as const))("names service account %i", (_, row) => {
    const { expected } = row;
    const found = attributionOf(record(row));
    expect(found).toMatchObject({ kind: "workload", class: "asserted", confidence: "high" });
    expect(idOf(found).startsWith("eks:")).toBe(true);
    expect(idOf(found).endsWith(`/${expected["namespace"]}/${expected["service_account"]}`)).toBe(true);
  });

  it.each(rows("principal_kind").map((row, place) => [place, row.expected["principal_kind"] ?? "", row] as const))(
    "row %i is a %s",
    (_, expected, row) => {
      const found = attributionOf(record(row));
      const [kind, id = "none"] = kinds[expected] ?? [];
      expect(idOf(found).startsWith(id), `${found.kind} ${idOf(found)}: ${found.because}`).toBe(true);
      if (kind !== undefined) expect(found).toMatchObject({ kind });
      else expect(["person", "workload", "unattributed"]).toContain(found.kind);
      expect(found.kind, "nothing here is a guess between two").not.toBe("contested");
    },
  );

  it.each(rows("session").map((row) => [row.name ?? "", row] as const))("session %s is one person's", (_, row) => {
    const events = row.events ?? [];
    const found = events.map((one) => attributionOf(one, events));
    const person = row.expected["person"];
    expect(new Set(found.map(idOf)).size).toBe(1);
    for (const one of found) {
      expect(one).toMatchObject({ kind: "person", class: "asserted" });
      if (person !== undefined) expect(idOf(one)).toContain(person);
    }
  });

  it("joins the key of `aws login` to the call that handed it out", () => {
    const events = rows("session").find(({ name }) => name === "aws_login_session")?.events ?? [];
    const [found] = events.slice(-1).map((one) => attributionOf(one, events));
    const token = events.find((one) => one["eventName"] === "CreateOAuth2Token");
    expect(token).toBeDefined();
    expect(found?.because).toContain("asked through OAuth client");
    expect(found?.hops).toMatchObject([{ client: expect.any(String) }, { end: "sign-in" }]);
  });
});
