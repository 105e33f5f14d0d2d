import type { Json } from "../../../../core/event/json.ts";
import { account, eventId, type RecordObject, record, region, secondsAfter } from "../../../fixtures/records.ts";

/** A call that changes a capacity, so many seconds after noon. Its event id is its number. */
export function call(
  api: string,
  [number, seconds]: readonly [number: number, seconds: number],
  over: { readonly request?: Json; readonly response?: Json; readonly by?: Json } & RecordObject = {},
): RecordObject {
  const [service = "", eventName = ""] = api.split(":");
  const { request = {}, response = null, by, ...rest } = over;
  return record({
    eventSource: `${service}.amazonaws.com`,
    eventName,
    eventTime: secondsAfter(seconds),
    eventID: eventId(number),
    readOnly: false,
    requestParameters: request,
    responseElements: response,
    ...(by === undefined ? {} : { userIdentity: by }),
    ...rest,
  });
}

/** An envelope that a service sends by itself; its id is told by its number. */
export const sent = (
  source: string,
  detailType: string,
  [number, seconds]: readonly [number: number, seconds: number],
  detail: Json,
  over: RecordObject = {},
): RecordObject => ({
  version: "0",
  id: eventId(number),
  "detail-type": detailType,
  source,
  account,
  time: secondsAfter(seconds),
  region,
  resources: [],
  detail,
  ...over,
});

/** The service-linked role of a service, as it signs. */
export const serviceRole = (service: string, role: string): Json => ({
  type: "AssumedRole",
  principalId: `AROACKCEVSQ6C2EXAMPLE:${role}`,
  arn: `arn:aws:sts::${account}:assumed-role/${role}/session`,
  accountId: account,
  sessionContext: {
    sessionIssuer: {
      type: "Role",
      arn: `arn:aws:iam::${account}:role/aws-service-role/${service}/${role}`,
      accountId: account,
      userName: role,
    },
    attributes: { creationDate: "2026-01-31T11:55:00Z", mfaAuthenticated: "false" },
  },
  invokedBy: service,
});

export const arn = (service: string, resource: string): string => `arn:aws:${service}:${region}:${account}:${resource}`;
