import { expect, it } from "vitest";
import { nearest, suggestion } from "../../../../core/identity/manifest/nearest.ts";

it.each([
  ["identifedBy", "identifiedBy"],
  ["IDENTIFIEDBY", "identifiedBy"],
  ["onwer", "owner"],
  ["env", "envelope"],
  ["envelopes", "envelope"],
  ["grant", "grants"],
])("%s is nearest to %s", (word, meant) =>
  expect(nearest(word, ["owner", "envelope", "identifiedBy", "grants"])).toBe(meant),
);

it.each(["", "zzz", "o", "w".repeat(65)])("%s is near nothing", (word) =>
  expect(nearest(word, ["owner", "envelope"])).toBeUndefined(),
);

it("without a near word, all valid ones are listed", () => {
  expect(suggestion("zzz", ["owner", "envelope"])).toBe("; valid here: owner, envelope");
  expect(suggestion("zzz", [])).toBe("");
});
