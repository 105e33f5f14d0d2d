import { describe, expect, it } from "vitest";
import { arn, bare, role, shown } from "./shown.ts";

describe("Lambda", () => {
  it.each(["CreateFunction20150331", "UpdateFunctionConfiguration20150331v2", "CreateFunction"])(
    "reads function and role from the answer of %s, without a version",
    (name) =>
      expect(
        shown(
          `lambda:${name}`,
          { functionName: "bot", role: role("bot") },
          { functionArn: `${arn("lambda", "function:bot")}:3`, role: role("bot") },
        ).map(bare),
      ).toEqual([{ kind: "lambda-function", resource: arn("lambda", "function:bot"), role: role("bot") }]),
  );
  it("reads nothing where the answer does not name the function", () =>
    expect(shown("lambda:CreateFunction20150331", { functionName: "bot", role: role("bot") }, null)).toEqual([]));
});
