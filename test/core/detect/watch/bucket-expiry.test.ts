import { describe, expect, it } from "vitest";
import { soonestExpiry } from "../../../../core/detect/watch/bucket-expiry.ts";

const now = Date.parse("2026-11-20T10:15:00Z");
const enabled = { Status: "Enabled" };
const of = (...rules: readonly object[]) =>
  soonestExpiry({ LifecycleConfiguration: { Rule: JSON.parse(JSON.stringify(rules)) } }, now);

describe("what a lifecycle deletes", () => {
  it("is told by the rule that deletes everything soonest", () => {
    const found = of(
      { ...enabled, Filter: { Prefix: "" }, Expiration: { Days: 30 } },
      { ...enabled, Prefix: "*", Expiration: { Days: "3" } },
      { ...enabled, Filter: { Prefix: "tmp/" }, Expiration: { Days: 1 } },
    );
    expect(found).toMatchObject({ days: 3, prefix: "" });
  });

  it("is read from a single rule as from a list", () => {
    const one = { ...enabled, Filter: "", Expiration: { Days: 1 } };
    expect(soonestExpiry({ LifecycleConfiguration: { Rule: one } }, now)?.days).toBe(1);
    expect(soonestExpiry({ LifecycleConfiguration: { Rules: [one] } }, now)?.days).toBe(1);
  });

  it("counts the days to a date, and none to one that is past", () => {
    expect(of({ ...enabled, Expiration: { Date: "2026-11-22T00:00:00Z" } })?.days).toBe(2);
    expect(of({ ...enabled, Expiration: { Date: "2020-01-01T00:00:00Z" } })?.days).toBe(0);
  });

  it.each([
    ["is switched off", { Status: "Disabled", Expiration: { Days: 1 } }],
    ["moves objects only", { ...enabled, Transition: { Days: 1, StorageClass: "GLACIER" } }],
    ["takes tagged objects only", { ...enabled, Filter: { Tag: { Key: "a", Value: "b" } }, Expiration: { Days: 1 } }],
    ["takes large objects only", { ...enabled, Filter: { ObjectSizeGreaterThan: 9 }, Expiration: { Days: 1 } }],
    ["takes one folder only", { ...enabled, Filter: { Prefix: "tmp/" }, Expiration: { Days: 1 } }],
    ["clears delete markers only", { ...enabled, Expiration: { ExpiredObjectDeleteMarker: true } }],
  ])("is nothing where the rule %s", (_, rule) => expect(of(rule)).toBeUndefined());

  it("is told where AWS's own log files go", () => {
    expect(of({ ...enabled, Filter: { Prefix: "AWSLogs/111122223333/" }, Expiration: { Days: 2 } })).toMatchObject({
      days: 2,
      prefix: "AWSLogs/111122223333/",
    });
  });

  it("is nothing where nothing is said", () => {
    expect(soonestExpiry({}, now)).toBeUndefined();
    expect(soonestExpiry({ LifecycleConfiguration: { Rule: [null, 3, "x"] } }, now)).toBeUndefined();
  });
});
