import { describe, expect, it } from "vitest";
import { everyKey, otherKinds, problemsOf } from "./manifest-examples.ts";

describe("an exception", () => {
  const lasting = (change: (text: string) => string) => problemsOf(everyKey, change(otherKinds));
  it("ends within 90 days, within 30 when it covers high and above", () => {
    expect(lasting((text) => text.replace("until: 2026-12-01", "until: 2027-01-30"))).toEqual([]);
    expect(lasting((text) => text.replace("until: 2026-12-01", "until: 2027-01-31"))[0]).toContain(
      "lasts at most 90 days",
    );
    expect(lasting((text) => text.replace("upTo: medium", "upTo: high"))).toEqual([]);
    expect(lasting((text) => text.replace("upTo: medium", "upTo: high").replace("12-01", "12-02"))[0]).toContain(
      "at most 30 days",
    );
    expect(lasting((text) => text.replace("until: 2026-12-01", "until: 2026-10-01"))[0]).toContain(
      "ends after it begins",
    );
  });
  it("is about somebody or something", () => {
    const nobody = otherKinds.replace(/ workload: .*upTo/, " upTo");
    expect(problemsOf(everyKey, nobody)[0]).toContain("needs workload, principal or resource");
  });
});
