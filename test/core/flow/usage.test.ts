import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { memorySpool } from "../../../core/event/spool.ts";
import { purposesOf } from "../../../core/flow/purpose.ts";
import { emptyState, type Numbers, observe, type State } from "../../../core/flow/state.ts";
import { tracer } from "../../../core/flow/trace.ts";
import { account, chain, eventId, record, region, user } from "../../fixtures/records.ts";

type Batches = readonly (readonly unknown[])[];

function used(batches: Batches, usage: { since?: number; until?: number } | "not-asked" = {}): State {
  const state = emptyState({ principals: memorySpool(), kept: memorySpool(), rows: memorySpool() });
  const into = tracer({ purposes: purposesOf([]), rows: "not-wanted", ...(usage === "not-asked" ? {} : { usage }) });
  const numbers: Numbers = [];
  for (const batch of batches) {
    const sink = into.sink("in");
    for (const [number, item] of batch.entries()) sink.item(item, () => JSON.stringify(item), { mark: "#", number });
    observe(state, into.take(), numbers);
  }
  return state;
}

function told(state: State): readonly string[] {
  const lines: string[] = [];
  state.usage.each((principal, api, last) => {
    lines.push(`${state.principals.read(principal).arn} ${state.usage.api(api)} ${last}`);
  });
  for (const { principal, note } of state.usage.notes((entry) => state.records.stayed(entry)))
    lines.push(`${state.principals.read(principal).arn} ${JSON.stringify(note)}`);
  return lines.sort();
}

const secret = (over: Readonly<Record<string, never>> | object = {}) =>
  record({
    eventID: eventId(70),
    eventSource: "secretsmanager.amazonaws.com",
    eventName: "GetSecretValue",
    requestParameters: { secretId: "bot/token" },
    ...over,
  });
const other = user({ arn: `arn:aws:iam::${account}:user/other`, userName: "other" });
const records = [
  ...chain(),
  record(),
  record({ eventID: eventId(2), eventTime: "2026-01-31T12:30:00Z" }),
  record({ eventID: eventId(3), userIdentity: other }),
  record({ eventID: eventId(4), errorCode: "AccessDenied", eventName: "PutObject" }),
  record({ eventID: eventId(5), errorCode: "NoSuchKey", eventName: "HeadObject" }),
  record({ eventID: eventId(6), eventSource: "lambda.amazonaws.com", eventName: "Invoke20150331" }),
  secret(),
  secret({ eventID: eventId(71), userIdentity: other }),
];

describe("the usage of a run", () => {
  it("is every distinct pair of a caller and a call, with the last second, and nothing that was denied", () => {
    const lines = told(used([records]));
    const trainer = `arn:aws:iam::${account}:user/trainer`;
    expect(lines).toContain(`${trainer} s3:GetObject ${Date.parse("2026-01-31T12:30:00Z") / 1_000}`);
    expect(lines.filter((line) => line.startsWith(`${trainer} s3:GetObject`))).toHaveLength(1);
    expect(lines.some((line) => line.includes("s3:HeadObject"))).toBe(true);
    expect(lines.some((line) => line.includes("lambda:Invoke "))).toBe(true);
    expect(lines.some((line) => line.includes("s3:PutObject"))).toBe(false);
  });

  it("is the same in any order, in any batches and with any duplicates", () => {
    const all = told(used([records]));
    fc.assert(
      fc.property(
        fc.shuffledSubarray(records, { minLength: records.length }),
        fc.subarray(records),
        fc.integer({ min: 1, max: 4 }),
        (shuffled, again, size) => {
          const items = [...again, ...shuffled];
          const batches = Array.from({ length: Math.ceil(items.length / size) }, (_, at) =>
            items.slice(at * size, at * size + size),
          );
          expect(told(used(batches))).toEqual(all);
        },
      ),
    );
  });

  it("keeps of two copies of a read what the fuller one says, in both orders", () => {
    const poorer = secret({ requestParameters: { secretId: "bot" } });
    const fuller = secret({ requestParameters: { secretId: "bot/token" } });
    const [one, two] = [told(used([[poorer], [fuller]])), told(used([[fuller], [poorer]]))];
    expect(one).toEqual(two);
    expect(one.filter((line) => line.includes('"secret"'))).toHaveLength(1);
    expect(one.join("\n")).toContain(`arn:aws:secretsmanager:${region}:${account}:secret:bot/token`);
  });

  it("counts only what lies in the window, but tells of identities made before it", () => {
    const made = record({
      eventID: eventId(80),
      eventSource: "iam.amazonaws.com",
      eventName: "CreateUser",
      eventTime: "2026-01-01T00:00:00Z",
      responseElements: { user: { arn: `arn:aws:iam::${account}:user/new` } },
    });
    const lines = told(used([[made, secret()]], { since: Date.parse("2026-02-01T00:00:00Z") / 1_000 }));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('"created"');
  });

  it("costs nothing and keeps nothing when no inventory asks", () => {
    expect(told(used([records], "not-asked"))).toEqual([]);
    expect(tracer({ purposes: [], rows: "not-wanted" }).take()).not.toHaveProperty("usage");
  });
});
