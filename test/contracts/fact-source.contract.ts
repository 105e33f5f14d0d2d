import { expect, it } from "vitest";
import type { PolicyFacts, PolicyWrite } from "../../adapters/memory/facts.ts";
import { type Fact, factKey } from "../../core/detect/fact.ts";
import { instant } from "../../core/event/instant.ts";

const policy = "arn:aws:iam::111122223333:policy/p";
const allowing = (action: string) => ({ Statement: [{ Effect: "Allow", Action: action, Resource: "*" }] });
const write = (at: number, eventID: string, action?: string): PolicyWrite => ({
  schema: 1,
  policy,
  at: instant(at),
  eventID,
  ...(action === undefined ? {} : { document: allowing(action) }),
});
const asked = (at: number): Fact => ({ kind: "managed-policy", policy, at: instant(at) });

/** What every fact source over stored policy documents must do. */
export function factSourceContract(make: () => PolicyFacts): void {
  const answers = async (facts: PolicyFacts, ...times: readonly number[]): Promise<readonly unknown[]> => {
    const found = await facts.answer(times.map(asked));
    return times.map((at) => {
      const answer = found.get(factKey(asked(at)));
      return answer?.kind === "managed-policy" ? answer.document.statements[0]?.actions.patterns[0] : answer?.kind;
    });
  };
  it("answers with the document that was in force at the asked time, whatever the order of learning", async () => {
    const writes = [write(10, "e1", "s3:*"), write(20, "e2", "iam:*"), write(20, "e3", "sts:*"), write(30, "e4")];
    for (const order of [writes, writes.toReversed()]) {
      const facts = make();
      await facts.learn(order);
      await facts.learn(order);
      expect(await answers(facts, 9, 10, 19, 20, 29, 30)).toEqual([
        "unknown",
        "s3:*",
        "s3:*",
        "sts:*",
        "sts:*",
        "unknown",
      ]);
    }
  });
  it("answers every question, also about a policy nobody wrote, with a reason", async () => {
    const found = await make().answer([asked(1), asked(2)]);
    expect([...found.keys()]).toEqual([factKey(asked(1)), factKey(asked(2))]);
    expect(found.get(factKey(asked(1)))).toEqual({
      kind: "unknown",
      because: "no write of this policy was seen before that time",
    });
  });
  it("calls a document it cannot read unknown instead of empty", async () => {
    const facts = make();
    await facts.learn([{ ...write(1, "e1"), document: "{ not json" }]);
    expect(await answers(facts, 5)).toEqual(["unknown"]);
  });
}
