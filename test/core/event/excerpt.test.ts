import { describe, expect, it } from "vitest";
import { excerpt } from "../../../core/event/excerpt.ts";

describe("excerpts of foreign text", () => {
  it("keeps short text and key ids as they are", () =>
    expect(excerpt("role bot with AKIAIOSFODNN7EXAMPLE")).toBe("role bot with AKIAIOSFODNN7EXAMPLE"));

  it("masks what is shaped as a secret, also where the cut would leave half of it", () => {
    const secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    expect(excerpt(`key ${secret} end`)).toBe("key [masked] end");
    expect(excerpt(`${"a ".repeat(120)}${secret}`)).not.toContain("wJalr");
  });

  it("cuts to 256 characters and says so", () => {
    expect(excerpt("a".repeat(256))).toBe("a".repeat(256));
    expect(excerpt("a b".repeat(200))).toHaveLength(256);
    expect(excerpt("a b".repeat(200)).endsWith("…")).toBe(true);
  });

  it("is well-formed, wherever the cut falls", () => {
    expect(excerpt("\ud800").isWellFormed()).toBe(true);
    expect(excerpt("😀".repeat(200)).isWellFormed()).toBe(true);
    expect(excerpt(`a${"😀".repeat(3_000)}`).isWellFormed()).toBe(true);
  });

  it("takes any value", () => {
    expect([excerpt({ a: 1 }), excerpt(null), excerpt(undefined), excerpt(7)]).toEqual(['{"a":1}', "null", "", "7"]);
  });
});
