import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { memoryWindows } from "../../../adapters/memory/windows.ts";
import { watchersFor } from "../../../cli/watchers.ts";
import type { Finding } from "../../../core/detect/finding.ts";
import { windowLimit } from "../../../core/detect/windows/window-store.ts";
import type { Watchers } from "../../../core/flow/findings.ts";
import {
  account,
  eventId,
  type RecordObject,
  record,
  secondsAfter,
  session,
  sessionKey,
  user,
} from "../../fixtures/records.ts";
import { line } from "./live-line.ts";
import { settled } from "./settling.ts";

const ids = ["ai-agent-entry", "ai-model-hijack", "ai-network-flip"] as const;
const watchers: Watchers = { ...watchersFor(ids), undeclared: "not-sought", lives: [], sweeps: [] };

/** One call about models or agents: by which of a few identities, which call, and how it ended. */
interface Use {
  readonly who: number;
  readonly what: number;
  readonly refused: boolean;
  readonly minutes: number;
}

const holders = [user(), session("app", "run-1", sessionKey(1)), session("app", "run-2", sessionKey(2))];

const model = (number: number) => ({ modelId: `vendor.model-${number}` });
const interpreter = { codeInterpreterIdentifier: "sums-abcdefghij" };
const places = (networkMode: string) => ({ name: "sums", networkConfiguration: { networkMode } });

const whats: readonly (readonly [api: string, request: object | null])[] = [
  ["bedrock:GetModelInvocationLoggingConfiguration", null],
  ["bedrock:ListFoundationModels", null],
  ["bedrock:PutFoundationModelEntitlement", model(1)],
  ...[1, 2, 3, 4, 5].map((number) => ["bedrock:InvokeModel", model(number)] as const),
  ["bedrock-agentcore:StartCodeInterpreterSession", interpreter],
  ["bedrock-agentcore:InvokeCodeInterpreter", interpreter],
  ["bedrock-agentcore:CreateCodeInterpreter", places("SANDBOX")],
  ["bedrock-agentcore:DeleteCodeInterpreter", { codeInterpreterId: "sums-abcdefghij" }],
  ["bedrock-agentcore:CreateCodeInterpreter", places("PUBLIC")],
];

function used({ who, what, refused, minutes }: Use, number: number): RecordObject {
  const [api = "", request = null] = whats[what % whats.length] ?? [];
  const [service, eventName] = api.split(":");
  return record({
    userIdentity: holders[who % holders.length] as never,
    ...{ eventSource: `${service}.amazonaws.com`, eventName: eventName ?? "", requestParameters: request as never },
    ...(refused ? { errorCode: "AccessDeniedException", errorMessage: "no" } : {}),
    eventID: eventId(number),
    // The live line parks what is dated after its clock.
    eventTime: secondsAfter((minutes - 27 * 60) * 60),
  });
}

const uses = fc.array(
  fc.record({
    who: fc.nat(holders.length - 1),
    what: fc.nat(whats.length - 1),
    refused: fc.boolean(),
    minutes: fc.oneof({ weight: 4, arbitrary: fc.nat(40) }, fc.nat(26 * 60)),
  }),
  { minLength: 10, maxLength: 60 },
);

const shuffled = <One>(all: readonly One[], luck: Iterator<number>): readonly One[] =>
  all
    .map((one) => [luck.next().value ?? 0, one] as const)
    .sort((a, b) => a[0] - b[0])
    .map(([, one]) => one);

describe("abuse of models and agents", () => {
  it("is found the same in any order, with repetitions, and by several threads", async () => {
    let found = 0;
    await fc.assert(
      fc.asyncProperty(uses, fc.infiniteStream(fc.nat()), async (all, luck) => {
        const records = all.map(used);
        const once = await settled([[records]], { watchers });
        const mixed = shuffled([...records, ...records.slice(0, 7)], luck);
        const cut = Math.floor(mixed.length / 2);
        const again = await settled([[mixed.slice(0, cut)], [mixed.slice(cut)]], { watchers });
        expect(again.lines).toEqual(once.lines);
        found += once.settlement.findings.length;
      }),
      { numRuns: 60 },
    );
    expect(found).toBeGreaterThan(60);
  });

  it("is found live, batch by batch, as in one replay", async () => {
    await fc.assert(
      fc.asyncProperty(uses, fc.integer({ min: 1, max: 20 }), async (all, size) => {
        const records = all.map(used);
        const { settlement } = await settled([[records]], { watchers });
        const windows = memoryWindows();
        const { batch } = line();
        const last = new Map<string, Finding>();
        for (let from = 0; from < records.length; from += size) {
          const found = await batch(records.slice(from, from + size), { watchers, windows });
          for (const one of found.settlement.findings) last.set(one.id, one);
        }
        for (const one of settlement.findings)
          expect(last.get(one.id)).toMatchObject({ at: one.at, count: one.count, eventIDs: one.eventIDs });
      }),
      { numRuns: 15 },
    );
  });

  it("needs no more memory than a window holds, however many models are tried out", async () => {
    const windows = memoryWindows();
    const records = Array.from({ length: 2_000 }, (_, number) => ({
      ...used({ who: 1, what: 3, refused: true, minutes: number % 30 }, number),
      requestParameters: model(number),
    }));
    const { settlement } = await line().batch(records, { watchers, windows });
    const [finding, ...others] = settlement.findings;
    expect(others).toEqual([]);
    expect(finding?.count).toBe(windowLimit);
    expect(finding?.eventIDs).toHaveLength(50);
  });

  it("is not an application that asks its models all day", async () => {
    const records = Array.from({ length: 500 }, (_, number) =>
      used({ who: 1, what: 3 + (number % 5), refused: false, minutes: number * 3 }, number),
    );
    expect((await settled([[records]], { watchers })).settlement.findings).toEqual([]);
  });

  it("is not laid at the door of whoever set a tool up before somebody else opened it", async () => {
    const setUp = used({ who: 1, what: 10, refused: false, minutes: 1 }, 1);
    const opened = used({ who: 0, what: 12, refused: false, minutes: 9 }, 3);
    const deleted = used({ who: 0, what: 11, refused: false, minutes: 8 }, 2);
    const { findings } = (await settled([[[setUp, deleted, opened]]], { watchers })).settlement;
    expect(findings).toMatchObject([
      { detector: "ai-network-flip", principal: `arn:aws:iam::${account}:user/trainer` },
    ]);
  });
});
