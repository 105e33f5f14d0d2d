import { expect, it } from "vitest";
import { isOneself } from "../../../core/detect/oneself.ts";
import type { ApiCall } from "../../../core/event/event.ts";
import { eventOf } from "../../fixtures/read.ts";

function callBy(userIdentity: object): ApiCall {
  const event = eventOf({
    eventVersion: "1.11",
    eventID: "11111111-1111-4111-8111-000000000403",
    eventTime: "2026-11-20T10:15:00Z",
    eventSource: "iam.amazonaws.com",
    eventName: "UpdateRole",
    awsRegion: "us-east-1",
    userIdentity,
    recipientAccountId: "111122223333",
  });
  if (event.kind !== "api-call") throw new Error("the record is no call");
  return event;
}

const session = callBy({
  type: "AssumedRole",
  principalId: "AROACKCEVSQ6C2EXAMPLE:s",
  arn: "arn:aws:sts::111122223333:assumed-role/worker/s",
  accountId: "111122223333",
  sessionContext: { sessionIssuer: { type: "Role", arn: "arn:aws:iam::111122223333:role/ai/worker" } },
});

it("a session is its role, whatever path stands before the name", () => {
  expect(isOneself("arn:aws:iam::111122223333:role/worker", session)).toBe(true);
  expect(isOneself("arn:aws:iam::111122223333:role/ai/worker", session)).toBe(true);
  expect(isOneself("arn:aws:sts::111122223333:assumed-role/worker/other", session)).toBe(true);
  expect(isOneself("arn:aws:iam::111122223333:user/worker", session)).toBe(false);
  expect(isOneself("arn:aws:iam::444455556666:role/worker", session)).toBe(false);
});

it("a user is itself, and a service is nobody's role", () => {
  const user = callBy({ type: "IAMUser", arn: "arn:aws:iam::111122223333:user/eve", accountId: "111122223333" });
  expect(isOneself("arn:aws:iam::111122223333:user/staff/eve", user)).toBe(true);
  expect(isOneself("arn:aws:iam::111122223333:user/ana", user)).toBe(false);
  const service = callBy({ type: "AWSService", invokedBy: "lambda.amazonaws.com" });
  expect(isOneself("arn:aws:iam::111122223333:role/worker", service)).toBe(false);
});
