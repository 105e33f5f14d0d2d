import type { Event, LookupEventsCommand, LookupEventsCommandOutput } from "@aws-sdk/client-cloudtrail";
import { instant } from "../../core/event/instant.ts";
import type { Clock } from "../../core/flow/clock.ts";
import type { LookupPage, LookupReader } from "../../core/flow/pull/pull-lookup.ts";
import type { LookupWindow } from "../../core/flow/pull/pull-plan.ts";
import { calls } from "./cloudtrail-lookup.calls.ts";
import { nameOf } from "./fault.ts";
import { retrying, type Sleep } from "./retry.ts";

/** The part of a CloudTrail client that is used here; one client belongs to one Region. */
export interface LookupClient {
  send(command: LookupEventsCommand): Promise<LookupEventsCommandOutput>;
}

/** LookupEvents gives at most this many records a request. */
export const recordsAPage = 50;

/** LookupEvents allows two requests a second in an account and Region. */
export const millisecondsARequest = 500;

/** Reads pages of the event history: at most two requests a second in a Region, throttling waited out. */
export function lookupReader(
  clientOf: (region: string) => Promise<LookupClient>,
  clock: Clock,
  sleep: Sleep,
): LookupReader {
  const last = new Map<string, number>();
  const paced = async (region: string): Promise<void> => {
    const wait = (last.get(region) ?? Number.NEGATIVE_INFINITY) + millisecondsARequest - clock.now();
    if (wait > 0) await sleep(Math.min(wait, millisecondsARequest));
    last.set(region, clock.now());
  };
  return {
    async page(window, token) {
      const { LookupEventsCommand } = await import("@aws-sdk/client-cloudtrail");
      const client = await clientOf(window.region);
      const ask = async (): Promise<LookupEventsCommandOutput | undefined> => {
        await paced(window.region);
        try {
          return await client.send(new LookupEventsCommand(request(window, token)));
        } catch (cause) {
          if (nameOf(cause) === "InvalidNextTokenException") return undefined;
          throw cause;
        }
      };
      const answer = await retrying(ask, { call: calls[0], names: { region: window.region } }, sleep);
      return answer === undefined ? { kind: "token-refused" } : pageOf(answer);
    },
  };
}

const request = (window: LookupWindow, token: string | undefined) => ({
  StartTime: new Date(window.from),
  EndTime: new Date(window.to),
  MaxResults: recordsAPage,
  ...(token === undefined ? {} : { NextToken: token }),
});

function pageOf(answer: LookupEventsCommandOutput): LookupPage {
  const events = answer.Events ?? [];
  const times = events.flatMap((one) => (one.EventTime === undefined ? [] : [one.EventTime.getTime()]));
  return {
    kind: "page",
    records: events.map(line),
    oldest: times.length === 0 ? undefined : instant(Math.min(...times)),
    next: answer.NextToken === "" ? undefined : answer.NextToken,
  };
}

/**
 * The record as CloudTrail wrote it, on one line: raw line breaks can only stand between JSON's tokens. An event without
 * its record is kept as LookupEvents gave it, so that a reader parks it by name instead of never seeing it.
 */
const line = (event: Event): string =>
  event.CloudTrailEvent === undefined ? JSON.stringify(event) : event.CloudTrailEvent.replaceAll(/[\r\n]+/g, " ");
