import { describe, expect, it } from "vitest";
import { escalationPath } from "../../../../core/detect/detectors/escalation-path.ts";
import { pathSeverity } from "../../../../core/detect/escalation/path-severity.ts";
import { standingJudge } from "../../../../core/detect/escalation/standing.ts";
import { runDetector } from "../../../../core/detect/run.ts";
import type { Attribution } from "../../../../core/identity/attribution.ts";
import type { Envelope, WorkloadClass } from "../../../../core/identity/workload.ts";
import { seenOf } from "../../../fixtures/read.ts";
import { account, record, session, sessionKey } from "../../../fixtures/records.ts";
import { tables } from "../../../fixtures/tables.ts";
import { workload } from "../../../fixtures/workloads.ts";

const make = (role: string) =>
  record({
    userIdentity: session("bot", "run", sessionKey(1)),
    eventSource: "lambda.amazonaws.com",
    eventName: "CreateFunction20150331",
    requestParameters: { functionName: "tidy", role: `arn:aws:iam::${account}:role/${role}` },
  });
const proven: Attribution = {
  kind: "workload",
  id: "bot",
  declared: true,
  class: "linked",
  because: "an issuing call",
  confidence: "high",
  root: { kind: "workload", id: "bot" },
  hops: [],
};
const seenBy = (envelope: Envelope, over: { class?: WorkloadClass; attribution?: Attribution; role?: string } = {}) => {
  const { class: kind = "agent", attribution, role = "helper" } = over;
  const fixture = {
    record: make(role),
    workloads: ["bot", "planner"],
    ...(attribution === undefined ? {} : { attribution }),
  };
  return seenOf(fixture, [workload("bot", { class: kind, envelope }), workload("planner", { class: "agent" })]);
};
const standing = standingJudge(tables.iam);
const allow = (...Action: readonly string[]) => [{ Effect: "Allow", Action, Resource: "*" }];

describe("what a manifest says of a call that hands over a role", () => {
  it("is inside where it allows the call and the handing over, and outside where it lacks either", () => {
    expect(standing(seenBy({ statements: allow("lambda:*", "iam:PassRole") }), []).kind).toBe("inside");
    for (const actions of [["lambda:*"], ["iam:PassRole"], ["s3:GetObject"]])
      expect(standing(seenBy({ statements: allow(...actions) }), []).kind).toBe("outside");
  });
  it("is left to those who judge behaviour where only the Region is wrong", () => {
    const elsewhere = { statements: allow("lambda:*", "iam:PassRole"), regions: ["eu-west-1"] };
    expect(standing(seenBy(elsewhere), []).kind).toBe("inside");
    expect(standing(seenBy({ statements: [], regions: ["eu-west-1"] }), []).kind).toBe("not-judged");
  });
  it("is nothing where it declares no actions", () => {
    expect(standing(seenBy({ statements: [] }), []).kind).toBe("not-judged");
  });
  it("proves nothing of a deployment whose role anybody may have taken", () => {
    const envelope = { statements: allow("lambda:*", "iam:PassRole") };
    expect(standing(seenBy(envelope, { class: "deployment" }), []).kind).toBe("unproven");
    expect(standing(seenBy(envelope, { class: "deployment", attribution: proven }), []).kind).toBe("inside");
  });
  it("counts the role of an instance profile, which the record does not name", () => {
    const seen = seenOf(
      {
        record: record({
          userIdentity: session("bot", "run", sessionKey(1)),
          eventSource: "ec2.amazonaws.com",
          eventName: "RunInstances",
          requestParameters: { iamInstanceProfile: { name: "machines" } },
        }),
        workloads: ["bot"],
      },
      [
        workload("bot", {
          class: "agent",
          envelope: {
            statements: [
              { Effect: "Allow", Action: "ec2:*", Resource: "*" },
              { Effect: "Allow", Action: "iam:PassRole", Resource: `arn:aws:iam::${account}:role/machines` },
            ],
          },
        }),
      ],
    );
    expect(standing(seen, [`arn:aws:iam::${account}:role/machines`]).kind).toBe("inside");
    expect(standing(seen, [`arn:aws:iam::${account}:role/other`]).kind).toBe("outside");
  });
});

describe("how grave it is", () => {
  const severities = (over: Parameters<typeof seenBy>[1], statements: Envelope["statements"] = []) =>
    runDetector(escalationPath(tables.iam), seenBy({ statements }, over)).map((one) => one.severity);
  it("is a note of whoever is declared without actions, and more where it takes another workload's role", () => {
    expect(severities({})).toEqual(["info"]);
    expect(severities({ role: "planner" })).toEqual(["medium"]);
  });
  it("is a note where a proven deployment gives a declared workload its role, and not where nothing is proven", () => {
    expect(severities({ class: "deployment", attribution: proven, role: "planner" })).toEqual(["info"]);
    expect(severities({ class: "deployment", role: "planner" })).toEqual(["medium"]);
  });
  it("is what was won, outside an envelope", () => {
    const [path] = tables.iam.paths;
    if (path === undefined) throw new Error("no paths");
    const outside = { kind: "outside", workload: workload("bot"), because: "" } as const;
    const by = (kind: "administrator" | "credential" | "data" | "little" | "unknown") => {
      const level = kind === "credential" || kind === "data" ? { kind, actions: [], doubts: [] } : { kind, doubts: [] };
      return pathSeverity({
        standing: outside,
        path,
        undeclared: "low",
        level,
        nothingNew: false,
        touchesDeclared: false,
      });
    };
    expect((["administrator", "credential", "data", "little", "unknown"] as const).map(by)).toEqual([
      ...["critical", "high", "medium", "medium", "high"],
    ]);
  });
});
