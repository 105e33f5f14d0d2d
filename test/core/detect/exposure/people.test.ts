import { describe, expect, it } from "vitest";
import { consoleSigned, lastingKeySigned, peopleSigned } from "../../../../core/detect/exposure/people.ts";
import type { ApiCall } from "../../../../core/event/event.ts";
import { eventOf } from "../../../fixtures/read.ts";
import { account, type RecordObject, record, session, sessionKey, user } from "../../../fixtures/records.ts";

const signed = (over: RecordObject) => {
  const call = eventOf(record(over)) as ApiCall;
  return { console: consoleSigned(call), lasting: lastingKeySigned(call), people: peopleSigned(call) };
};
const app = session("app", "run-1", sessionKey(1));

describe("who signed", () => {
  it("is a program where a role's session did", () =>
    expect(signed({ userIdentity: app })).toEqual({ console: false, lasting: false, people: false }));

  it("is a lasting key where a user's own did", () =>
    expect(signed({ userIdentity: user() })).toEqual({ console: false, lasting: true, people: true }));

  it.each([true, "true"])("is a person where the record says %j of the console, beside the identity", (mark) =>
    expect(signed({ userIdentity: app, sessionCredentialFromConsole: mark })).toEqual({
      ...{ console: true, lasting: false, people: true },
    }),
  );

  it("is no person where the console is said not to have made the credential", () =>
    expect(signed({ userIdentity: app, sessionCredentialFromConsole: "false" }).console).toBe(false));

  it("is a person where Identity Center's role did", () => {
    const role = "AWSReservedSSO_Developer_0123456789abcdef";
    const arn = `arn:aws:iam::${account}:role/aws-reserved/sso.amazonaws.com/${role}`;
    const userIdentity = session(role, "ana@example.com", sessionKey(2), {
      sessionContext: { sessionIssuer: { type: "Role", arn, accountId: account, userName: role } },
    });
    expect(signed({ userIdentity })).toMatchObject({ people: true, lasting: false });
  });
});
