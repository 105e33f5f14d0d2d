import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { conductParameters } from "../../../../cli/iam-tables.ts";
import { watchersFor } from "../../../../cli/watchers.ts";
import { memorySpool } from "../../../../core/event/spool.ts";
import { conductEvents, conductRows, rowDayName } from "../../../../core/flow/conduct/conduct.ts";
import { purposesOf } from "../../../../core/flow/purpose.ts";
import { emptyState, type Numbers, observe, type State } from "../../../../core/flow/state.ts";
import { tracer } from "../../../../core/flow/trace.ts";
import type { Registry } from "../../../../core/identity/workload.ts";
import { bot, recordsOf } from "../../../fixtures/conduct.ts";
import { registryWith } from "../../../fixtures/read.ts";
import { account, eventId, record, session, sessionKey, user } from "../../../fixtures/records.ts";
import { authorise } from "../../iam/tables.ts";
import { settled } from "../settling.ts";

type Threads = readonly (readonly (readonly unknown[])[])[];

function stateOf(threads: Threads): State {
  const state = emptyState({ principals: memorySpool(), kept: memorySpool(), rows: memorySpool() });
  for (const batches of threads) {
    const into = tracer({
      purposes: purposesOf(["iam:CreateUser"]),
      rows: "not-wanted",
      conduct: conductParameters(),
    });
    const numbers: Numbers = [];
    for (const batch of batches) {
      const sink = into.sink("in");
      for (const [number, item] of batch.entries()) sink.item(item, () => JSON.stringify(item), { mark: "#", number });
      observe(state, into.take(), numbers);
    }
  }
  return state;
}

/** Everything the table says, by content and not by number. */
function told(state: State): readonly string[] {
  const rows = [...conductRows(state, {}, authorise)];
  const ids = conductEvents(state, rows, {});
  return rows
    .map((row) => {
      const { principal, day, conduct, count, first, last } = row;
      const seen = ids.get(rowDayName(row))?.map((one) => one.eventID);
      return JSON.stringify([state.principals.json(principal), day, conduct, count, first, last, seen]);
    })
    .sort();
}

const fixture = (records: Parameters<typeof recordsOf>[0]["calls"]) =>
  recordsOf({ name: "", begin: "2026-11-20", role: "bot", workloads: ["bot"], calls: records });

const call = (eventSource: string, eventName: string, requestParameters: object, over: object = {}) =>
  ({ eventSource: `${eventSource}.amazonaws.com`, eventName, requestParameters, ...over }) as never;

const records = fixture([
  { record: call("bedrock", "InvokeModel", { modelId: "anthropic.claude-3" }), days: [0, 1], times: 3 },
  { record: call("bedrock", "InvokeModel", { modelId: "meta.llama3" }), days: [0], times: 2 },
  { record: call("iam", "CreateUser", { userName: "eve" }), days: [0], times: 2 },
  { record: call("dynamodb", "Scan", { tableName: "t" }, { errorCode: "AccessDenied" }), days: [0], times: 2 },
  { record: call("dynamodb", "Scan", { tableName: "t" }), days: [0], at: "20:00:00" },
]);

const shuffled = fc.shuffledSubarray(
  records.map((_, place) => place),
  { minLength: records.length },
);

describe("what was done", () => {
  it("is each distinct conduct of a principal by the day, with its first and last second", () => {
    const rows = [...conductRows(stateOf([[records]]), {}, authorise)];
    const invoked = rows.filter(({ conduct }) => conduct.model === "anthropic.claude-3");
    expect(invoked.map(({ count, day }) => [count, day])).toEqual([
      [3, 20_777],
      [3, 20_778],
    ]);
    expect(invoked[0]?.first).toBe(Date.parse("2026-11-20T12:00:00Z"));
    expect(invoked[0]?.last).toBe(Date.parse("2026-11-20T12:33:20Z"));
    expect(invoked[0]?.conduct).toMatchObject({
      api: "bedrock:InvokeModel",
      region: "us-east-1",
      account,
      outcome: "done",
      origin: { kind: "address", address: "192.0.2.10" },
      checks: [{ action: "bedrock:InvokeModel" }],
    });
  });

  it("knows the ids of its records, of those that are kept as well", () => {
    const state = stateOf([[records]]);
    const rows = [...conductRows(state, {}, authorise)].filter(({ conduct }) => conduct.api === "iam:CreateUser");
    const [ids] = conductEvents(state, rows, {}).values();
    expect(ids?.map((one) => one.eventID)).toEqual([eventId(9), eventId(10)]);
  });

  it("does not depend on order, repetition or threads", () => {
    const expected = told(stateOf([[records]]));
    fc.assert(
      fc.property(shuffled, shuffled, fc.nat(records.length), (one, other, cut) => {
        const pick = (places: readonly number[]): readonly unknown[] => places.map((place) => records[place]);
        const first = [pick(one.slice(0, cut)), pick(one.slice(cut))];
        expect(told(stateOf([first, [pick(other)]]))).toEqual(expected);
      }),
      { numRuns: 40 },
    );
  });

  it("counts the fuller of two copies of a record, whichever comes first", () => {
    const [short = {}] = records;
    const long = {
      ...short,
      requestParameters: { modelId: "anthropic.claude-3", body: "more" },
      errorCode: "Throttled",
    };
    const counts = (batch: readonly unknown[]): unknown =>
      [...conductRows(stateOf([[batch]]), {}, authorise)].map(({ count, conduct }) => [count, conduct.outcome]);
    expect(counts([short, long])).toEqual([[1, "failed"]]);
    expect(counts([long, short])).toEqual([[1, "failed"]]);
    expect(told(stateOf([[[short, long]]]))).toEqual(told(stateOf([[[long], [short]]])));
  });

  it("does not depend on which of two copies of one length comes first", () => {
    const [one = {}] = records;
    const copies = ["AccessDenied", "Throttling12"].map((errorCode) => ({ ...one, errorCode }));
    expect(told(stateOf([[copies]]))).toEqual(told(stateOf([[copies.toReversed()]])));
  });

  it("learns what was done from a copy that is read once manifests are active", () => {
    const state = emptyState({ principals: memorySpool(), kept: memorySpool(), rows: memorySpool() });
    for (const conduct of [undefined, conductParameters(), undefined]) {
      const into = tracer({
        purposes: purposesOf(["iam:CreateUser"]),
        rows: "not-wanted",
        ...(conduct === undefined ? {} : { conduct }),
      });
      for (const [number, item] of records.entries())
        into.sink("in").item(item, () => JSON.stringify(item), { mark: "#", number });
      observe(state, into.take(), []);
    }
    expect(told(state)).toEqual(told(stateOf([[records]])));
  });

  it("remembers each id once, however often its record comes", () => {
    expect([...stateOf([[records, records], [records]]).conduct.noted()]).toHaveLength(records.length);
  });

  it("tells calls of one name of several services apart", () => {
    const both = fixture([
      { record: call("ecs", "TagResource", {}), days: [0] },
      { record: call("lambda", "TagResource", {}), days: [0] },
    ]);
    const apis = [...conductRows(stateOf([[both]]), {}, authorise)].map(({ conduct }) => conduct.api);
    expect(apis.sort()).toEqual(["ecs:TagResource", "lambda:TagResource"]);
  });

  it("leaves out AWS's services, service-linked roles, sign-ins and events that are no calls", () => {
    const linked = session("x", "s", sessionKey(1), {
      sessionContext: {
        sessionIssuer: { arn: `arn:aws:iam::${account}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS` },
      },
    });
    const state = stateOf([
      [
        [
          record({ eventID: eventId(1), userIdentity: { type: "AWSService", invokedBy: "ec2.amazonaws.com" } }),
          record({ eventID: eventId(2), userIdentity: linked }),
          record({ eventID: eventId(3), eventType: "AwsConsoleSignIn", eventName: "ConsoleLogin" }),
          record({ eventID: eventId(4), eventType: "AwsServiceEvent" }),
          record({ eventID: eventId(5), userIdentity: user() }),
        ],
      ],
    ]);
    expect([...conductRows(state, {}, authorise)].map(({ count }) => count)).toEqual([1]);
  });

  it("is within the horizon only", () => {
    const since = Date.parse("2026-11-21T00:00:00Z") / 1_000;
    expect([...conductRows(stateOf([[records]]), { since }, authorise)].map(({ count }) => count)).toEqual([3]);
  });
});

describe("findings about what was done", () => {
  const how = { registry: registryWith([bot]), watchers: watchersFor([]) };

  it("are the same in any order, with repetitions, and in any split over threads", async () => {
    const { lines } = await settled([[records]], how);
    expect(lines.filter((line) => /"detector":"drift-(?:behaviour|near-miss)"/.test(line)).length).toBeGreaterThan(3);
    await fc.assert(
      fc.asyncProperty(shuffled, fc.nat(records.length), async (order, cut) => {
        const mixed = order.map((place) => records[place]);
        const again = await settled([[mixed.slice(0, cut), mixed], [mixed.slice(cut)]], how);
        expect(again.lines).toEqual(lines);
      }),
      { numRuns: 15 },
    );
  });

  it("keep their id when more of the day becomes known, and count it", async () => {
    const created = records.filter(({ eventName }) => eventName === "CreateUser");
    const ids = async (some: readonly unknown[]) =>
      (await settled([[some]], { ...how, watchers: watchersFor(["drift-behaviour"]) })).settlement.findings.map(
        ({ id, count }) => ({ id, count }),
      );
    const [one] = await ids(created.slice(0, 1));
    const [both] = await ids(created);
    expect(both).toEqual({ id: one?.id, count: 2 });
  });

  it("never lead to an action where the record's id was made up", async () => {
    const [one = {}] = records.filter(({ eventName }) => eventName === "CreateUser");
    const { eventID: _, ...nameless } = one;
    const { settlement } = await settled([[[nameless, one]]], { ...how, watchers: watchersFor(["drift-behaviour"]) });
    expect(settlement.findings.map(({ guessed, count }) => [guessed, count])).toEqual([[false, 2]]);
    const alone = await settled([[[nameless]]], { ...how, watchers: watchersFor(["drift-behaviour"]) });
    expect(alone.settlement.findings.map(({ guessed }) => guessed)).toEqual([true]);
  });

  it("ask of a federated subject no more than how long a session it asks for, and from where", async () => {
    const subject = "repo:acme/bot:ref:refs/heads/main";
    const provider = `arn:aws:iam::${account}:oidc-provider/token.actions.githubusercontent.com`;
    const asked = (number: number, durationSeconds: number) =>
      record({
        eventID: eventId(number),
        eventSource: "sts.amazonaws.com",
        eventName: "AssumeRoleWithWebIdentity",
        userIdentity: {
          type: "WebIdentityUser",
          principalId: `${provider}:sts.amazonaws.com:${subject}`,
          userName: subject,
          identityProvider: provider,
        },
        requestParameters: { roleArn: `arn:aws:iam::${account}:role/bot`, roleSessionName: "run", durationSeconds },
        responseElements: {
          subjectFromWebIdentityToken: subject,
          provider,
          assumedRoleUser: { arn: `arn:aws:sts::${account}:assumed-role/bot/run` },
        },
      });
    const registry: Registry = {
      ...registryWith([bot]),
      selecting: (kind) => (kind === "oidc" ? { manifest: bot, exact: true } : undefined),
    };
    const { settlement } = await settled([[[asked(1, 900), asked(2, 43_200)]]], {
      registry,
      watchers: watchersFor(["drift-behaviour"]),
    });
    expect(settlement.findings.map(({ title, eventIDs }) => [title, eventIDs])).toEqual([
      ["bot got a session of 43200 s; it declares 3600 s", [eventId(2)]],
    ]);
  });

  it("take a day of many secrets for one deviation, and show the gravest call by its own record", async () => {
    const read = (secretId: string, errorCode?: string) =>
      call("secretsmanager", "GetSecretValue", { secretId }, errorCode === undefined ? {} : { errorCode });
    const tries = Array.from({ length: 70 }, (_, number) => ({
      record: read(`payroll/${number}`, "AccessDenied"),
      days: [0],
      at: "09:00:00",
    }));
    const many = fixture([...tries, { record: read("finance/key"), days: [0], at: "11:00:00" }]);
    const { settlement } = await settled([[many]], { ...how, watchers: watchersFor(["drift-behaviour"]) });
    expect(settlement.findings).toHaveLength(1);
    const [found] = settlement.findings;
    expect(found).toMatchObject({ severity: "high", outcome: "done", count: 71 });
    expect(found?.title).toMatch(/^bot read a secret that it does not declare: .*finance\/key$/);
    expect(found?.eventIDs).toHaveLength(50);
    expect(found?.evidence[0]).toMatchObject({ kind: "field", eventID: eventId(71) });
    expect(found?.evidence.filter((one) => one.kind === "count")).toHaveLength(6);
  });

  it("are none while no manifest is active", async () => {
    const { settlement } = await settled([[records]], { watchers: watchersFor(["drift-behaviour"]) });
    expect(settlement.findings).toEqual([]);
  });

  it("come at most once from one call: a near miss is no deviation beside it", async () => {
    const wrong = fixture([
      {
        record: call("bedrock", "InvokeModel", { modelId: "anthropic.claude-3" }, { awsRegion: "us-west-2" }),
        days: [0],
      },
    ]);
    const { settlement } = await settled([[wrong]], {
      ...how,
      watchers: watchersFor(["drift-behaviour", "drift-near-miss"]),
    });
    expect(settlement.findings.map((one) => one.detector)).toEqual(["drift-near-miss"]);
  });
});
