import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { instant } from "../../../core/event/instant.ts";
import { causesIn, type Span } from "../../../core/flow/causes.ts";
import type { CauseKind } from "../../../core/identity/lineage/cause.ts";
import { account, at, eventId, type RecordObject, region } from "../../fixtures/records.ts";
import { call } from "./capacity/capacity.ts";
import { folded } from "./folding.ts";

const key = `${account}/${region}/autoscaling:group/gpu`;
const noon = Date.parse(at);
const request = { autoScalingGroupName: "gpu", desiredCapacity: 1 };
const set = (number: number, seconds: number, over: RecordObject = {}): RecordObject =>
  call("autoscaling:SetDesiredCapacity", [number, seconds], { request, ...over });
const policy = (number: number, seconds: number): RecordObject =>
  call("autoscaling:PutScalingPolicy", [number, seconds], { request: { ...request, policyName: "up" } });

const until = (seconds: number, kinds: readonly CauseKind[] = ["set-capacity"]): Span => ({
  kinds,
  until: instant(noon + seconds * 1_000),
});

/** The numbers of the calls under the group's key, in the order in which they are found. */
const found = (records: readonly RecordObject[], span: Span, under = key): readonly number[] =>
  [...causesIn(folded([[records]])).under(under, span)].map(({ cause }) => Number(cause.eventID.slice(-12)));

describe("causesIn", () => {
  const records = [set(4, 20), set(1, 0), policy(3, 15), set(2, 10), policy(5, 30), set(6, 20)];

  it("finds the causes of a key up to a moment, the newest first", () => {
    expect(found(records, until(60))).toEqual([6, 4, 2, 1]);
    expect(found(records, until(19))).toEqual([2, 1]);
    expect(found(records, until(-1))).toEqual([]);
    expect(found(records, until(60), `${key}x`)).toEqual([]);
  });

  it("mixes kinds by time, and leaves out those that nobody asked for", () => {
    expect(found(records, until(60, ["set-policy", "set-capacity"]))).toEqual([5, 6, 4, 3, 2, 1]);
    expect(found(records, until(60, ["launched"]))).toEqual([]);
  });

  it("looks no further back than asked", () =>
    expect(found(records, { ...until(60), since: instant(noon + 10_000) })).toEqual([6, 4, 2]));

  it("tells moments within one second apart", () => {
    const close = ["12:00:00.200Z", "12:00:00.900Z", "12:00:00.500Z"].map((time, place) =>
      set(place + 1, 0, { eventTime: `2026-01-31T${time}` }),
    );
    expect(found(close, until(1))).toEqual([2, 3, 1]);
    expect(found(close, { kinds: ["set-capacity"], since: instant(noon + 300), until: instant(noon + 600) })).toEqual([
      3,
    ]);
  });

  it("finds the same whatever the order, with repetitions", () =>
    fc.assert(
      fc.property(fc.shuffledSubarray([...records, ...records], { minLength: 9 }), (shuffled) => {
        const all = [...shuffled, ...records];
        expect(found(all, until(60, ["set-policy", "set-capacity"]))).toEqual([5, 6, 4, 3, 2, 1]);
      }),
    ));

  it("takes the fuller copy of a call once, and tells two calls with one id apart", () => {
    const fuller = set(1, 0, { userAgent: "a much longer user agent than the other copy has" });
    expect(found([set(1, 0), fuller], until(60))).toEqual([1]);
    const ids = [...causesIn(folded([[[set(1, 0), set(1, 5)]]])).under(key, until(60))].map(
      ({ cause }) => cause.eventID,
    );
    expect(ids).toHaveLength(2);
    expect(ids[0]).toMatch(new RegExp(`^${eventId(1)}#[0-9a-f]{8}$`));
  });

  it("answers quickly where one group was set very often", () => {
    const many = Array.from({ length: 20_000 }, (_, number) => set(number + 1, number % 10_000));
    const causes = causesIn(folded([[many]]));
    const first = (second: number) => causes.under(key, until(second)).next();
    first(0);
    const began = performance.now();
    for (let second = 0; second < 10_000; second += 10) expect(first(second).done).toBe(false);
    expect(performance.now() - began, "two records are decoded for each answer").toBeLessThan(2_000);
  });
});
