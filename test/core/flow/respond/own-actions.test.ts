import { beforeEach, describe, expect, it } from "vitest";
import { isByUs, ownAction, ownCalls } from "../../../../core/flow/respond/own-actions.ts";
import { sessionNameOf, sourceIdentityOf, tokenIn } from "../../../../core/respond/session-name.ts";
import { called } from "../called.ts";
import { denyAll, type ReleaseStage, releaseStage } from "../releasing.ts";

const own = ["arn:aws:iam::111122223333:role/cordon/cordon-contain"];
let stage: ReleaseStage;
let token = "";
beforeEach(async () => {
  stage = releaseStage();
  await stage.contained();
  const intent = (await stage.ports.journal.read("decision-1")).find(({ entry }) => entry.kind === "intent")?.entry;
  token = intent?.kind === "intent" ? intent.token : "";
});

const call = (over: Partial<Parameters<typeof called>[0]> = {}) =>
  called({
    id: "own-1",
    at: stage.clock.now() + 1_000,
    api: "iam:AttachRolePolicy",
    role: "cordon-contain",
    session: sessionNameOf({ caseId: "case-1", token }),
    request: { roleName: "support-bot", policyArn: denyAll },
    ...over,
  });
const judged = (one: ReturnType<typeof called>, calls = ownCalls()) => ownAction(one, own, stage.ports.journal, calls);

describe("ownAction", () => {
  it("explains a call by the intent that announced it", async () => {
    expect(await judged(call())).toEqual({ kind: "explained", run: "decision-1", step: 0 });
  });

  it("has nothing to say of others, and nothing against what only reads", async () => {
    expect(await judged(call({ role: "deployer" }))).toEqual({ kind: "foreign" });
    expect(await judged(call({ api: "iam:GetRole", readOnly: true, session: "x" }))).toEqual({ kind: "reading" });
  });

  it.each([
    ["without a step in its session's name", { session: "cordon" }],
    ["with a token that no intent has", { session: sessionNameOf({ caseId: "case-1", token: "0".repeat(32) }) }],
    ["on another role", { request: { roleName: "admin", policyArn: denyAll } }],
    [
      "with another policy",
      { request: { roleName: "support-bot", policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" } },
    ],
    ["of another kind", { api: "iam:PutRolePolicy", request: { roleName: "support-bot", policyName: "x" } }],
    ["long after its intent", { at: 1_000_060_000 + 16 * 60_000 }],
  ])("is alarmed by a call of our own role %s", async (_, over) => {
    expect(await judged(call(over))).toMatchObject({
      kind: "unexplained",
      finding: { detector: "own-role-outside-ledger", severity: "critical", guessed: true },
    });
  });

  it("lets one intent explain one call, however often the record of it comes", async () => {
    const calls = ownCalls();
    expect(await judged(call(), calls)).toMatchObject({ kind: "explained" });
    expect(await judged(call(), calls)).toMatchObject({ kind: "explained" });
    expect(await judged(call({ id: "own-2" }), calls)).toMatchObject({ kind: "unexplained" });
  });

  it("flags twenty of twenty without an intent", async () => {
    const found = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        judged(call({ id: `rogue-${n}`, request: { roleName: `r${n}`, policyArn: denyAll } })),
      ),
    );
    expect(found.filter(({ kind }) => kind === "unexplained")).toHaveLength(20);
  });
});

describe("the session's name", () => {
  it("holds the token and what fits of the case, within what IAM allows", () => {
    const name = sessionNameOf({ caseId: "a1".repeat(16), token });
    expect(name).toHaveLength(64);
    expect(name).toMatch(/^[\w+=,.@-]{2,64}$/);
    expect(tokenIn(name)).toBe(token);
    expect(sourceIdentityOf({ caseId: "case 1/x" })).toBe("cordon-case-1-x");
    expect(tokenIn("cordon-case-1")).toBeUndefined();
  });
});

it("knows our own deeds in findings by the role, whatever the session", () => {
  expect(isByUs({ principal: "arn:aws:sts::111122223333:assumed-role/cordon-contain/any" }, own)).toBe(true);
  expect(isByUs({ principal: "arn:aws:sts::444455556666:assumed-role/cordon-contain/any" }, own)).toBe(false);
  expect(isByUs({}, own)).toBe(false);
});
