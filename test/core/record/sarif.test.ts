import { describe, expect, it } from "vitest";
import type { Review, ReviewItem } from "../../../core/record/review.ts";
import { sarifOf } from "../../../core/record/sarif.ts";

const item = (over: Partial<ReviewItem> = {}): ReviewItem => ({
  rule: "simulate-denied",
  about: "A call that was let through would be denied",
  severity: "high",
  message: "s3:GetObject of bot would be denied",
  details: ["and why"],
  subject: "bot",
  seen: "3 calls on 1 day",
  place: { file: "workloads/bot.yaml", line: 7 },
  ...over,
});
const review = (...items: readonly ReviewItem[]): Review => ({ items, summary: ["one"], blind: ["two"] });

/** What SARIF 2.1.0 demands of a log, as far as this product writes one (sections 3.13 to 3.52 of the standard). */
function problemsIn(log: unknown): readonly string[] {
  const problems: string[] = [];
  const must = (claim: boolean, what: string): void => void (claim || problems.push(what));
  const of = (value: unknown, key: string): unknown => (value as Readonly<Record<string, unknown>> | undefined)?.[key];
  const listOf = (value: unknown, key: string): readonly unknown[] => (of(value, key) ?? []) as readonly unknown[];
  must(of(log, "version") === "2.1.0", "version");
  must(String(of(log, "$schema")).startsWith("https://"), "$schema");
  must(listOf(log, "runs").length === 1, "runs");
  for (const run of listOf(log, "runs")) {
    const driver = of(of(run, "tool"), "driver");
    must(typeof of(driver, "name") === "string", "tool.driver.name");
    const rules = listOf(driver, "rules");
    const ids = rules.map((one) => of(one, "id"));
    must(new Set(ids).size === ids.length && ids.every((one) => typeof one === "string" && one !== ""), "rule ids");
    for (const rule of rules) must(typeof of(of(rule, "shortDescription"), "text") === "string", "shortDescription");
    for (const invocation of listOf(run, "invocations")) {
      must(typeof of(invocation, "executionSuccessful") === "boolean", "executionSuccessful");
      for (const one of listOf(invocation, "toolExecutionNotifications"))
        must(typeof of(of(one, "message"), "text") === "string", "notification");
    }
    for (const result of listOf(run, "results")) {
      must(ids[of(result, "ruleIndex") as number] === of(result, "ruleId"), "ruleIndex");
      must(["none", "note", "warning", "error"].includes(of(result, "level") as string), "level");
      must(of(of(result, "message"), "text") !== "", "message.text");
      must(listOf(result, "locations").length > 0, "locations");
      for (const one of listOf(result, "locations")) {
        const physical = of(one, "physicalLocation");
        const uri = of(of(physical, "artifactLocation"), "uri");
        must(
          typeof uri === "string" && URL.canParse(uri, "https://example.com/") && !/[\s<>"|]/.test(uri),
          `uri ${uri}`,
        );
        must((of(of(physical, "region"), "startLine") as number) >= 1, "startLine");
      }
      const prints = of(result, "partialFingerprints") ?? {};
      must(
        Object.values(prints).every((one) => typeof one === "string"),
        "partialFingerprints",
      );
    }
  }
  return problems;
}

describe("a review as SARIF", () => {
  it("is a log of version 2.1.0, whatever is in it", () => {
    const odd = item({
      rule: "drift-x",
      severity: "info",
      place: { file: 'a b/"<c>\u0000.json', line: 0 },
      details: [],
    });
    expect(problemsIn(sarifOf(review(item(), odd, item({ severity: "medium" })), "0.1.0"))).toEqual([]);
    expect(problemsIn(sarifOf(review(), "0.1.0"))).toEqual([]);
  });

  it("notices what is no such log", () => {
    expect(problemsIn({ ...sarifOf(review(item()), "0.1.0"), version: "2.0.0" })).toEqual(["version"]);
  });

  it("keeps severity, place and what cannot be shown", () => {
    const log = sarifOf(review(item(), item({ severity: "medium" }), item({ severity: "low" })), "0.1.0");
    expect(log).toMatchObject({
      runs: [
        {
          tool: {
            driver: {
              semanticVersion: "0.1.0",
              rules: [{ id: "simulate-denied", properties: { "security-severity": "8.0" } }],
            },
          },
          invocations: [{ toolExecutionNotifications: [{ message: { text: "one" } }, { message: { text: "two" } }] }],
          results: [
            {
              level: "error",
              locations: [
                { physicalLocation: { artifactLocation: { uri: "workloads/bot.yaml" }, region: { startLine: 7 } } },
              ],
            },
            { level: "warning" },
            { level: "note" },
          ],
        },
      ],
    });
  });

  it("gives one thing the same fingerprint wherever it stands in its file, and another thing another", () => {
    const prints = (one: ReviewItem): unknown =>
      JSON.stringify(sarifOf(review(one), "1")).match(/"cordon\/v1":"(\w+)"/)?.[1];
    expect(prints(item())).toBe(prints(item({ place: { file: "workloads/bot.yaml", line: 9 }, severity: "low" })));
    expect(prints(item())).not.toBe(prints(item({ subject: "other" })));
  });

  it("writes an absolute path as a file URI", () => {
    expect(JSON.stringify(sarifOf(review(item({ place: { file: "/tmp/a b.json", line: 1 } })), "1"))).toContain(
      "file:///tmp/a%20b.json",
    );
  });
});
