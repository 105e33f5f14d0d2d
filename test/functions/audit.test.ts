import { readFileSync } from "node:fs";
import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import { describe, expect, it, vi } from "vitest";
import { fixedClock } from "../../adapters/memory/clock.ts";
import { memorySessions } from "../../adapters/memory/sessions.ts";
import { instant } from "../../core/event/instant.ts";
import { Fault } from "../../core/fault.ts";
import type { AuditPorts } from "../../core/flow/audit.ts";
import type { SessionMemory } from "../../core/identity/lineage/session-memory.ts";
import { auditHandler, type Log } from "../../functions/audit.ts";
import { entriesOf, messageOf, portsOf, remembering } from "../core/flow/live.ts";
import { acts, incident } from "../fixtures/incident.ts";
import {
  assumeRole,
  envelope,
  eventId,
  fromServiceAccount,
  type RecordObject,
  record,
  secondsAfter,
  session,
  sessionKey,
  user,
} from "../fixtures/records.ts";

const sample = readFileSync(new URL("../../examples/sample/events.ndjson", import.meta.url), "utf8")
  .split("\n")
  .filter((line) => line !== "");

/** A batch as Lambda hands it over. */
const batchOf = (messages: readonly { readonly id: string; readonly body: string }[]): SQSEvent => ({
  Records: messages.map(({ id, body }) => ({
    messageId: id,
    receiptHandle: `receipt ${id}`,
    body,
    attributes: {
      ApproximateReceiveCount: "1",
      SentTimestamp: "1769860800000",
      SenderId: "AIDACKCEVSQ6C2EXAMPLE",
      ApproximateFirstReceiveTimestamp: "1769860800001",
    },
    messageAttributes: {},
    md5OfBody: "00000000000000000000000000000000",
    eventSource: "aws:sqs",
    eventSourceARN: "arn:aws:sqs:us-east-1:111122223333:audit",
    awsRegion: "us-east-1",
  })),
});

const context: Context = {
  callbackWaitsForEmptyEventLoop: false,
  functionName: "audit",
  functionVersion: "1",
  invokedFunctionArn: "arn:aws:lambda:us-east-1:111122223333:function:audit",
  memoryLimitInMB: "512",
  awsRequestId: eventId(1),
  logGroupName: "/aws/lambda/audit",
  logStreamName: "stream",
  getRemainingTimeInMillis: () => 30_000,
  done: () => undefined,
  fail: () => undefined,
  succeed: () => undefined,
};

async function handled(messages: Parameters<typeof batchOf>[0], ports: AuditPorts) {
  const logged: Parameters<Log>[0][] = [];
  const response: SQSBatchResponse = await auditHandler(ports, (line) => logged.push(line))(batchOf(messages), context);
  return { failed: response.batchItemFailures.map((one) => one.itemIdentifier), logged };
}

const messages = (records: readonly RecordObject[]) => records.map((one) => messageOf(one));
const harm = incident({ hops: 2, acts, ordinary: 2 });

/** Sessions that refuse one credential, as a table does under load. */
function refusing(key: string, cause: unknown): SessionMemory {
  const inner = memorySessions();
  return remembering({
    ...inner,
    put: (links) => (links.some((one) => one.key === `key ${key}`) ? Promise.reject(cause) : inner.put(links)),
  });
}

describe("the audit function", () => {
  it("acknowledges a batch of the sample's events and says what became of it", async () => {
    const later = portsOf({ clock: fixedClock(instant(Date.parse("2026-11-20T04:00:00Z"))) });
    const { failed, logged } = await handled(
      sample.map((body, place) => ({ id: `m${place}`, body })),
      later,
    );
    expect(failed).toEqual([]);
    const last = logged.at(-1);
    expect(last).toMatchObject({ level: "info", step: "batch", messages: sample.length, filtered: 0 });
    expect(last?.["findings"]).toBe(logged.filter((line) => line["step"] === "decided").length);
    expect(last?.["findings"]).toBeGreaterThan(0);
    expect(await later.parked.list()).toEqual([]);
  });

  it("records what it found, and logs each decision by case, finding and kind", async () => {
    const ports = portsOf();
    const { failed, logged } = await handled(messages(harm), ports);
    const decided = logged.filter((line) => line["step"] === "decided");
    expect([failed, decided.length]).toEqual([[], 3]);
    for (const line of decided)
      expect(Object.keys(line)).toEqual(["level", "step", "caseId", "findingId", "kind", "would"]);
    const steps = (await entriesOf(ports.ledger)).map(({ step }) => step.kind);
    expect(steps.filter((kind) => kind === "found")).toHaveLength(3);
    expect(steps.filter((kind) => kind === "decided")).toHaveLength(3);
  });

  it("returns only the message whose port was throttled, and decides its neighbours", async () => {
    const busy = new Fault("throttled", "the session table is busy");
    const ports = portsOf({ sessions: refusing(sessionKey(7), busy) });
    const bad = messageOf(assumeRole(user(), "x", sessionKey(7), { eventID: eventId(70) }), "bad");
    const { failed, logged } = await handled([...messages(harm).slice(0, 4), bad, ...messages(harm).slice(4)], ports);
    expect(failed).toEqual(["bad"]);
    expect(logged).toContainEqual({
      level: "error",
      step: "failed",
      message: "bad",
      code: "throttled",
      error: "Fault",
    });
    expect((await entriesOf(ports.ledger)).filter(({ step }) => step.kind === "found")).toHaveLength(3);
  });

  it("links a child to its parent also when a batch falls back to one by one and the child comes first", async () => {
    const busy = new Fault("throttled", "the session table is busy");
    const ports = portsOf({ sessions: refusing(sessionKey(7), busy) });
    const bad = messageOf(assumeRole(user(), "x", sessionKey(7), { eventID: eventId(70) }), "bad");
    const child = messageOf(
      record({
        userIdentity: session("role-1", "s", sessionKey(1)),
        eventSource: "cloudtrail.amazonaws.com",
        eventName: "StopLogging",
        requestParameters: { name: "main" },
        eventID: eventId(71),
      }),
      "child",
    );
    const parent = messageOf(
      fromServiceAccount({
        responseElements: {
          subjectFromWebIdentityToken: "system:serviceaccount:bots:support-bot",
          credentials: { accessKeyId: sessionKey(1), sessionToken: "opaque" },
        },
        eventID: eventId(72),
      }),
      "parent",
    );
    const { failed, logged } = await handled([child, bad, parent], ports);
    expect(failed).toEqual(["bad"]);
    const [merge, ...others] = logged.filter((line) => line["step"] === "merged");
    expect([merge, others]).toEqual([expect.objectContaining({ level: "info", findings: 1, left: 0 }), []]);
    const found = (await entriesOf(ports.ledger)).filter(({ step }) => step.kind === "found");
    expect(found.map(({ step }) => [step.caseId, step.body["root"]])).toEqual([
      [merge?.["from"], expect.objectContaining({ kind: "unknown" })],
      [merge?.["caseId"], expect.objectContaining({ kind: "workload" })],
    ]);
  });

  it("returns every message when the ledger cannot be written, and finds the same when they come again", async () => {
    const ports = portsOf();
    const append = vi.spyOn(ports.ledger, "append").mockRejectedValue(new Fault("unreachable", "no route"));
    const events = messages(harm.slice(-4));
    const down = await handled(events, ports);
    expect(down.failed.length).toBe(3);
    append.mockRestore();
    expect((await handled(events, ports)).failed).toEqual([]);
    expect((await entriesOf(ports.ledger)).filter(({ step }) => step.kind === "found")).toHaveLength(3);
  });

  it("calls what nobody foresaw a bug, and still holds no neighbour back", async () => {
    const ports = portsOf({ sessions: refusing(sessionKey(7), new TypeError("x is not a function")) });
    const bad = messageOf(assumeRole(user(), "x", sessionKey(7), { eventID: eventId(70) }), "bad");
    const { failed, logged } = await handled([bad, ...messages(harm)], ports);
    expect(failed).toEqual(["bad"]);
    expect(logged).toContainEqual(expect.objectContaining({ step: "failed", code: "bug", error: "TypeError" }));
  });

  it("parks poison with its body and acknowledges it, once however often it comes", async () => {
    const ports = portsOf();
    const poison = [
      { id: "cut", body: '{"version":"0",' },
      { id: "empty", body: "" },
      { id: "number", body: "7" },
      { id: "stranger", body: '{"hello":"world"}' },
      { id: "deep", body: `${"[".repeat(5_000)}${"]".repeat(5_000)}` },
      { id: "future", body: messageOf(record({ eventTime: secondsAfter(86_400) })).body },
      { id: "padded", body: `${messageOf(record()).body}${" ".repeat(1_048_576)}` },
      { id: "oversized", body: JSON.stringify(envelope(record({ userAgent: "x".repeat(1_048_577) }))) },
    ];
    for (let delivery = 0; delivery < 2; delivery++) {
      const { failed, logged } = await handled([...poison, ...messages(harm)], ports);
      expect(failed).toEqual([]);
      const parked = logged.filter((line) => line["step"] === "parked");
      expect(parked.map((line) => line["message"])).toEqual(poison.map(({ id }) => id));
    }
    expect((await ports.parked.list()).map(({ source, body }) => ({ id: source, body }))).toEqual(poison);
  });

  it("adds nothing to the ledger when a batch comes again", async () => {
    const ports = portsOf();
    await handled(messages(harm), ports);
    const before = await entriesOf(ports.ledger);
    for (const again of [messages(harm), messages(harm.toReversed()), [...messages(harm), ...messages(harm)]])
      expect((await handled(again, ports)).failed).toEqual([]);
    expect(await entriesOf(ports.ledger)).toEqual(before);
  });

  it("logs one JSON object a line on standard output, and no text of any event", async () => {
    const marker = "xyzzy-planted";
    const marked = harm.map((one, place) => ({
      ...one,
      userAgent: marker,
      requestParameters: { ...Object(one["requestParameters"]), [marker]: marker, userName: `${marker}-${place}` },
      errorMessage: marker,
    }));
    const events = [
      ...messages(marked),
      { id: "cut", body: `{"${marker}":` },
      { id: "version", body: JSON.stringify(envelope(record({ eventVersion: marker }))) },
      { id: "time", body: JSON.stringify(envelope(record({ eventTime: marker }))) },
      { id: "type", body: JSON.stringify({ "detail-type": marker, source: marker, detail: { marker } }) },
      messageOf(assumeRole(user({ userName: marker }), marker, sessionKey(7), { eventID: eventId(70) }), "bad"),
    ];
    const said: string[] = [];
    const spy = vi.spyOn(console, "log").mockImplementation((line) => void said.push(String(line)));
    const ports = portsOf({ sessions: refusing(sessionKey(7), new Fault("throttled", `busy with ${marker}`)) });
    const { batchItemFailures } = await auditHandler(ports)(batchOf(events), context).finally(() => spy.mockRestore());
    expect(batchItemFailures).toEqual([{ itemIdentifier: "bad" }]);
    expect(said.length).toBeGreaterThan(8);
    for (const line of said) {
      expect(JSON.parse(line)).toMatchObject({ level: expect.any(String), step: expect.any(String) });
      expect(line).not.toContain(marker);
      expect(line).not.toContain("\n");
    }
  });
});
