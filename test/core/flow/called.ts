import type { ApiCall } from "../../../core/event/event.ts";
import { eventOf } from "../../fixtures/read.ts";

export interface Called {
  readonly id: string;
  readonly at: number;
  readonly api: string;
  readonly role: string;
  readonly roleId?: string;
  readonly session?: string;
  readonly request?: Readonly<Record<string, unknown>>;
  readonly denied?: true;
  readonly readOnly?: true;
}

/** A call of a role's session, as CloudTrail records it. */
export function called({ id, at, api, role, roleId, session = "s", request, denied, readOnly }: Called): ApiCall {
  const [service = "", name = ""] = api.split(":");
  const issuer = roleId ?? "AROAEXAMPLEOTHER00001";
  const event = eventOf({
    eventVersion: "1.11",
    eventID: id,
    eventTime: new Date(at).toISOString().replace(/\.\d+Z/, "Z"),
    eventSource: `${service}.amazonaws.com`,
    eventName: name,
    awsRegion: "us-east-1",
    recipientAccountId: "111122223333",
    readOnly: readOnly ?? false,
    userIdentity: {
      type: "AssumedRole",
      principalId: `${issuer}:${session}`,
      arn: `arn:aws:sts::111122223333:assumed-role/${role}/${session}`,
      accountId: "111122223333",
      accessKeyId: "ASIAIOSFODNN7EXAMPLE",
      sessionContext: {
        sessionIssuer: {
          type: "Role",
          principalId: issuer,
          arn: `arn:aws:iam::111122223333:role/${role}`,
          userName: role,
        },
      },
    },
    requestParameters: request ?? null,
    responseElements: null,
    ...(denied ? { errorCode: "AccessDenied" } : {}),
  });
  if (event.kind !== "api-call") throw new Error(event.kind);
  return event;
}
