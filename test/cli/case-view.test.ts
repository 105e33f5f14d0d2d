import { describe, expect, it } from "vitest";
import { caseText } from "../../cli/case-view.ts";
import type { JsonObject } from "../../core/event/json.ts";

const asker = { principal: "p", asked: "arn:x", field: "f", class: "indexed" };
const shown = (finding: JsonObject): readonly string[] =>
  caseText({
    one: { id: "c", severity: "high", root: { kind: "workload", id: "summariser" } },
    findings: [{ id: "f", principal: "arn:aws:sts::111122223333:assumed-role/summariser/s", ...finding }],
    decisions: [],
    entries: [],
    mergedInto: [],
  });

describe("caseText", () => {
  it("says with which credential an agent acted, and who asked it, level by level", () => {
    const lines = shown({
      askedBy: [
        {
          ...asker,
          id: "planner",
          eventID: "e1",
          sessionId: "s-1",
          askedBy: [{ ...asker, id: "front\u001b", eventID: "e2", class: "inferred" }],
        },
      ],
    });
    expect(lines).toContain(
      "    acted with  arn:aws:sts::111122223333:assumed-role/summariser/s, a credential of its own",
    );
    expect(lines).toContain("    asked by    planner (indexed, e1, session s-1)");
    expect(lines).toContain("    asked by      front\\u{1b} (inferred, e2)");
  });

  it("says nothing of it where nobody asked", () => {
    expect(shown({}).join("\n")).not.toMatch(/acted with|asked by/);
  });
});
