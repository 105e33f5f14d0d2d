import { describe, expect, it } from "vitest";
import { excerpt } from "../../../core/event/excerpt.ts";

describe("excerpts of foreign text", () => {
  it("given text with a secret, keeps the text and nothing of the secret", () => {
    expect(excerpt("key wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY.")).toBe("key [masked].");
    expect(excerpt({ token: `ghp_${"a1B2".repeat(9)}` })).toBe('{"token":"[masked]"}');
  });

  it("keeps key ids: they name, they do not open", () => {
    expect(excerpt("AKIAIOSFODNN7EXAMPLE")).toBe("AKIAIOSFODNN7EXAMPLE");
  });

  it("given long or ill-formed text, cuts it and makes it well-formed", () => {
    expect(excerpt("x".repeat(5_000))).toBe(`${"x".repeat(255)}…`);
    expect(excerpt(`a\ud800${"b".repeat(10)}`).isWellFormed()).toBe(true);
  });

  it("given a secret across the cut, shows no part of it", () => {
    expect(excerpt(`${"x ".repeat(120)}ghp_${"a1B2".repeat(9)}`)).not.toContain("a1B2");
  });
});
