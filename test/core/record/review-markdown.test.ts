import { describe, expect, it } from "vitest";
import type { Review, ReviewItem } from "../../../core/record/review.ts";
import { reviewMarkdown } from "../../../core/record/review-markdown.ts";

const item = (over: Partial<ReviewItem> = {}): ReviewItem => ({
  rule: "simulate-denied",
  about: "A call that was let through would be denied",
  severity: "high",
  message: "bot would be denied",
  details: [],
  subject: "bot",
  place: { file: "plan", line: 1 },
  ...over,
});
const written = (over: Partial<Review>): string =>
  reviewMarkdown({ items: [], summary: [], blind: [], ...over }).join("\n");

describe("a review as Markdown", () => {
  it("is a table of what to look at, gravest first, with the rest folded away", () => {
    const text = written({
      items: [item({ severity: "low", message: "little" }), item(), item({ severity: "info", message: "by the way" })],
      summary: ["three things"],
      blind: ["no reads"],
    });
    expect(text).toContain("| severity | what | seen | where |");
    expect(text.indexOf("bot would be denied")).toBeLessThan(text.indexOf("little"));
    expect(text.indexOf("by the way")).toBeGreaterThan(text.indexOf("<summary>For information</summary>"));
    expect(text).toContain("<summary>What this cannot show</summary>");
  });

  it("says that there is nothing to review", () => {
    expect(written({ items: [item({ severity: "info" })] })).toContain("Nothing to review.");
  });

  it.each([
    "@security-team please approve",
    "[click](https://evil.example.com)",
    "https://evil.example.com www.evil.example.com",
    "</details><img src=x onerror=alert(1)>",
    "a | b || c",
    "**bold** _it_ `code` ~~no~~ <!-- gone",
    "line\nbreak\r\n| row |",
    "# heading",
    "deadbeef00 GH-26 #26 a@example.com",
    "&lt;script&gt; &#64;team",
    "\u202etxt.exe\u200b",
  ])("lets no name make markup, a link or a mention: %s", (hostile) => {
    for (const part of ["message", "seen", "details", "file"] as const) {
      const one =
        part === "details"
          ? item({ details: [hostile] })
          : part === "file"
            ? item({ place: { file: hostile, line: 1 } })
            : item({ [part]: hostile });
      const text = written({ items: [one], summary: [hostile], blind: [hostile] });
      const table = text.split("\n").filter((line) => line.startsWith("| **high**"));
      expect(table).toHaveLength(1);
      expect(table[0]?.split("|")).toHaveLength(6);
      // What is left when our own words are taken away: plain words, code of references, and nothing else.
      const bare = text
        .replaceAll(/<code>(?:[A-Za-z0-9]|&#\d+;)*<\/code>/g, "")
        .replaceAll(/<\/?details>|<\/?summary>|<br>/g, "");
      expect(bare.replaceAll("**high**", "").replaceAll(/^### .*$/gm, "")).not.toMatch(
        /[@<>`[\]()_~#&!/\u202e\u200b]|\*/,
      );
      expect(bare).not.toMatch(/deadbeef00|GH-26|www\./);
    }
  });

  it("fits into a comment, and says what is left out", () => {
    const long = "<".repeat(200);
    const items = Array.from({ length: 60 }, (_, at) =>
      item({ message: `${at} ${long}`, details: [long, long, long, long, long] }),
    );
    const text = written({ items });
    expect(text.length).toBeLessThan(65_536);
    expect(text).toMatch(/and \d+ more; the table and SARIF have all of them/);
    expect(text).toContain("and 1 more");
  });
});
