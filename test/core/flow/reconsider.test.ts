import { describe, expect, it } from "vitest";
import { memoryLedger } from "../../../adapters/memory/ledger.ts";
import { Fault } from "../../../core/fault.ts";
import { audit } from "../../../core/flow/audit.ts";
import { emptyRegistry } from "../../../core/identity/registry.ts";
import type { Ledger } from "../../../core/record/ledger.ts";
import { roleArn } from "../../fixtures/incident.ts";
import {
  account,
  assumeRole,
  eventId,
  exampleKey,
  type RecordObject,
  record,
  region,
  secondsAfter,
  session,
  sessionKey,
  user,
} from "../../fixtures/records.ts";
import { entriesOf, messageOf, portsOf, remembering } from "./live.ts";
import { asks, line, stops } from "./live-line.ts";

const first = sessionKey(1);
const second = sessionKey(2);
const child = stops(session("a", "s", first), 50);
const parent = asks(first, 10);

describe("a finding whose issuing call comes later", () => {
  it("moves to the case of whoever is behind it, which says what it supersedes; both cases say so", async () => {
    const { batch, steps, members } = line();
    const before = await batch([child]);
    const [old] = before.settlement.cases;
    const [finding] = before.settlement.findings;
    expect(old?.root.kind).toBe("unknown");
    const { reconsidered, merges } = await batch([parent]);
    const [now, ...others] = reconsidered?.cases ?? [];
    expect(others).toEqual([]);
    expect(reconsidered?.findings.map((one) => [one.id, one.attribution.hops.at(-1)?.end])).toEqual([
      [finding?.id, "federation"],
    ]);
    expect(now).toMatchObject({ supersedes: [old?.id], findingIds: [finding?.id] });
    expect(merges).toEqual([{ from: old?.id, into: now?.id, findingIds: [finding?.id], left: 0 }]);
    expect((await steps("case-merged")).map(({ caseId, body }) => [caseId, body])).toEqual(
      [old?.id, now?.id].map((caseId) => [
        caseId,
        {
          type: "merged",
          from: old?.id,
          into: now?.id,
          findingIds: [finding?.id],
          left: 0,
          eventIDs: [eventId(10)],
        },
      ]),
    );
    const opened = await steps("case-opened");
    expect(opened.map(({ body }) => [body["id"], body["supersedes"]])).toEqual([
      [old?.id, undefined],
      [now?.id, [old?.id]],
    ]);
    expect(await members(old?.id ?? "")).toEqual([]);
    expect(await members(now?.id ?? "")).toEqual([finding?.id]);
  });

  it("is decided once where the link changes nothing about the decision, however often anything comes again", async () => {
    const { batch, steps, ledger } = line();
    for (const records of [[child], [parent]]) await batch(records);
    expect(await steps("decided")).toHaveLength(1);
    const before = await entriesOf(ledger);
    for (const records of [[child], [parent], [parent, child], [child, child], [child]]) await batch(records);
    expect(await entriesOf(ledger)).toEqual(before);
  });

  it("is decided anew where the link takes a doubt away", async () => {
    const policy = { mode: "contain", registry: emptyRegistry, undeclared: "contain" } as const;
    const { batch, steps } = line();
    const grant = {
      ...child,
      eventSource: "iam.amazonaws.com",
      eventName: "AttachRolePolicy",
      requestParameters: { roleName: "bot", policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" },
    };
    for (const records of [[grant], [parent], [grant], [parent]]) await batch(records, { policy });
    const [doubted, certain, ...more] = (await steps("decided")).map(({ body }) => body);
    expect([doubted?.["kind"], certain?.["kind"], more]).toEqual(["approve", "contain", []]);
    expect(certain?.["findingId"]).toBe(doubted?.["findingId"]);
    expect(certain?.["caseId"]).not.toBe(doubted?.["caseId"]);
  });

  it("waits for the next link when the one that came has an unknown caller itself", async () => {
    const { batch, members } = line();
    const grandchild = stops(session("b", "s", second), 51);
    const [at50] = (await batch([grandchild])).settlement.cases;
    const link = assumeRole(session("a", "s", first), "b", second, { eventID: eventId(11), sharedEventID: undefined });
    const between = await batch([link]);
    expect(between.reconsidered?.findings[0]?.attribution.hops.map((one) => one.end)).toEqual([undefined, "not-seen"]);
    expect(between.merges).toEqual([]);
    const { reconsidered } = await batch([parent]);
    const [now] = reconsidered?.cases ?? [];
    expect(reconsidered?.findings[0]?.attribution.hops.length).toBe(3);
    expect(now?.supersedes).toEqual([at50?.id]);
    expect(await members(at50?.id ?? "")).toEqual([]);
  });

  it("leaves the findings of other sessions where they are", async () => {
    const { batch, members } = line();
    const other = stops(session("a", "t", second), 52);
    const [old] = (await batch([child, other])).settlement.cases;
    expect(old?.findingIds).toHaveLength(2);
    const { merges } = await batch([parent]);
    expect(merges).toMatchObject([{ from: old?.id, left: 1 }]);
    expect(await members(old?.id ?? "")).toEqual([old?.findingIds[1]]);
    const later = await batch([asks(second, 12)]);
    expect(later.merges).toMatchObject([{ from: old?.id, left: 0 }]);
    expect(await members(old?.id ?? "")).toEqual([]);
  });

  it("is the same when parent and child are audited at the same time, whoever records first", async () => {
    const inner = memoryLedger();
    const { batch, store, waiting, members } = line({ ledger: inner });
    // The child was settled without its parent; all of the parent's audit happens before the child is recorded.
    const racing: Ledger = {
      ...inner,
      async append(...given) {
        await audit([messageOf(parent)], portsOf({ sessions: remembering(store), waiting, ledger: inner }));
        return inner.append(...given);
      },
    };
    const { settlement, merges } = await batch([child], { ledger: racing });
    expect(settlement.cases[0]?.supersedes).toHaveLength(1);
    const [merge] = merges;
    expect(await members(merge?.from ?? "")).toEqual([]);
    expect(await members(merge?.into ?? "")).toHaveLength(1);
  });

  it("is the same when the child's batch died after it was recorded, and its parent came before it came again", async () => {
    const inner = memoryLedger();
    const { batch, members } = line({ ledger: inner });
    const dying: Ledger = {
      ...inner,
      async append(...given) {
        await inner.append(...given);
        throw new Fault("unreachable", "the connection was reset");
      },
    };
    await expect(batch([child], { ledger: dying })).rejects.toThrow();
    const { merges } = await batch([parent]);
    await batch([child]);
    expect(merges).toHaveLength(1);
    expect(await members(merges[0]?.from ?? "")).toEqual([]);
    expect(await members(merges[0]?.into ?? "")).toHaveLength(1);
  });

  it("keeps what was found through a policy that somebody else wrote before", async () => {
    const policyArn = `arn:aws:iam::${account}:policy/everything`;
    const document = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };
    const iam = (eventName: string, number: number, over: RecordObject): RecordObject => ({
      ...stops(session("a", "s", first), number),
      eventSource: "iam.amazonaws.com",
      eventName,
      ...over,
    });
    const written = iam("CreatePolicy", 40, {
      userIdentity: user() as never,
      requestParameters: { policyName: "everything", policyDocument: JSON.stringify(document) },
      responseElements: { policy: { arn: policyArn } },
    });
    const attached = iam("AttachRolePolicy", 41, { requestParameters: { roleName: "x", policyArn } });
    const { batch } = line();
    const [own, ...others] = (await batch([written, attached])).settlement.findings.filter(
      (one) => one.eventIDs[0] === eventId(41),
    );
    expect([own?.detector, others]).toEqual(["drift-grant", []]);
    const { reconsidered, merges } = await batch([parent]);
    expect(reconsidered?.findings.map((one) => one.id)).toEqual([own?.id]);
    expect(merges).toMatchObject([{ left: 0, findingIds: [own?.id] }]);
  });

  it("is told by where its role works, until the role is seen to work elsewhere", async () => {
    const runs = (id: string, number: number): RecordObject =>
      record({
        eventSource: "bedrock.amazonaws.com",
        eventName: "CreateAgent",
        readOnly: false,
        requestParameters: { agentName: id, agentResourceRoleArn: roleArn("a") },
        responseElements: {
          agent: {
            agentArn: `arn:aws:bedrock:${region}:${account}:agent/${id}`,
            agentResourceRoleArn: roleArn("a"),
          },
        },
        eventID: eventId(number),
        eventTime: secondsAfter(number),
      });
    const { batch } = line();
    expect((await batch([child])).settlement.findings[0]?.attribution.kind).toBe("unattributed");
    const one = await batch([runs("ABCDEFGHIJ", 60)]);
    expect(one.reconsidered?.findings[0]?.attribution).toMatchObject({ kind: "workload", class: "indexed" });
    const both = await batch([runs("KLMNOPQRST", 61)]);
    expect(both.reconsidered?.findings[0]?.attribution.kind).toBe("unattributed");
    expect((await batch([stops(session("a", "t", second), 53)])).settlement.findings[0]?.attribution.kind).toBe(
      "unattributed",
    );
  });

  it("does not wait where nothing can be told later: a static key has no issuing call", async () => {
    const { batch, waiting } = line();
    const { settlement } = await batch([stops(user(), 54)]);
    expect(settlement.findings).toHaveLength(1);
    expect(await waiting.under([`key ${exampleKey}`, `role ${roleArn("a")}`])).toEqual([]);
  });
});
