import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { fields, text } from "../../../core/event/json.ts";
import type { RecordObject } from "../../fixtures/records.ts";
import { attributionOf, issuedBy } from "./behind.ts";

/** Third-party records, for measuring only; a fresh clone has none. */
const file = join(import.meta.dirname, "../../../../shared/data/open/attacks.open.jsonl.gz");
const present = existsSync(file);
if (!present) console.log(`skipped: the measurement data is not here (${join("..", "shared", "data", "open")})`);

interface Attack {
  readonly technique: string;
  readonly events: readonly RecordObject[];
}

const attacks: readonly Attack[] = present
  ? gunzipSync(readFileSync(file))
      .toString("utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line): Attack => JSON.parse(line))
  : [];

describe.skipIf(!present)("the attacks of others", () => {
  it("lead back from every key that one of their calls issued to who asked for it", () => {
    let joined = 0;
    for (const { technique, events } of attacks) {
      const issuing = new Map(
        events.flatMap((one) => issuedBy(one) ?? []).map((one) => [String(one.accessKeyId), one]),
      );
      for (const call of events) {
        const issued = issuing.get(text(fields(call["userIdentity"])["accessKeyId"]));
        if (issued === undefined) continue;
        joined++;
        const { hops } = attributionOf(call, events);
        expect([technique, hops[0]?.eventID, hops[1]?.principal]).toEqual([
          technique,
          issued.eventID,
          issued.caller.arn,
        ]);
      }
    }
    expect(joined, "at least one attack uses what it was given").toBeGreaterThan(0);
  });

  it("are signed by somebody in every call", () => {
    for (const { technique, events } of attacks)
      for (const call of events) {
        const attribution = attributionOf(call, events);
        const silent = attribution.kind === "unattributed" && attribution.id === undefined;
        expect([technique, silent && call["userIdentity"] !== undefined]).toEqual([technique, false]);
      }
  });
});
