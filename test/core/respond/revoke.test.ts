import { describe, expect, it } from "vitest";
import { instant } from "../../../core/event/instant.ts";
import { revokeDocument, revokeHours, revokeMoment, revokesBefore, whenApplied } from "../../../core/respond/revoke.ts";

describe("revokeMoment", () => {
  it("is half a minute after AWS's time or the newest event, whichever is later, in whole seconds", () => {
    expect(revokeMoment(instant(10_000), undefined, 1)).toBe(40_000);
    expect(revokeMoment(instant(10_001), instant(5_000), 1)).toBe(41_000);
    expect(revokeMoment(instant(10_000), instant(25_000), 1)).toBe(55_000);
    expect(revokeMoment(instant(10_000), undefined, 3)).toBe(100_000);
  });
});

describe("revokesBefore", () => {
  it("reads our own document and nothing that differs from it", () => {
    const document = revokeDocument(instant(40_000));
    expect(revokesBefore(document)).toBe(40_000);
    expect(revokesBefore({ ...document, Statement: [] })).toBeUndefined();
    expect(revokesBefore({ ...document, Id: "x" })).toBeUndefined();
    expect(revokesBefore(revokeDocument(whenApplied))).toBeUndefined();
    expect(revokesBefore(null)).toBeUndefined();
  });
});

it("lasts as long as a session may: 36 hours for a user, 12 for a role whose limit is unknown", () => {
  expect(revokeHours({ kind: "user", arn: "u" }, 3_600)).toBe(36);
  expect(revokeHours({ kind: "role", arn: "r" }, undefined)).toBe(12);
  expect(revokeHours({ kind: "role", arn: "r" }, 5_400)).toBe(2);
});
