import type { JsonObject } from "../../../../core/event/json.ts";
import type { Placement } from "../../../../core/identity/placement.ts";
import { placementsOf } from "../../../../core/identity/placement-catalog.ts";
import { eventOf } from "../../../fixtures/read.ts";
import { type RecordObject, record } from "../../../fixtures/records.ts";

/** What a call of one service says about where roles work, its parameters and its answer given. */
export function shown(
  api: string,
  requestParameters: JsonObject,
  responseElements: JsonObject | null,
  over: RecordObject = {},
) {
  const [service, eventName = ""] = api.split(":");
  const event = eventOf(
    record({
      eventSource: `${service}.amazonaws.com`,
      eventName,
      requestParameters,
      responseElements,
      readOnly: false,
      ...over,
    }),
  );
  if (event.kind !== "api-call") throw new Error("the test needs a call");
  return placementsOf(event);
}

/** Only what a test is about: where it was read and by whom is the same everywhere. */
export const bare = ({ kind, resource, role, run, group }: Placement): Partial<Placement> => ({
  kind,
  resource,
  ...(role === undefined ? {} : { role }),
  ...(run === undefined ? {} : { run }),
  ...(group === undefined ? {} : { group }),
});

export const role = (name: string): string => `arn:aws:iam::111122223333:role/${name}`;
export const arn = (service: string, resource: string): string =>
  `arn:aws:${service}:us-east-1:111122223333:${resource}`;
