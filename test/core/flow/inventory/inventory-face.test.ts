import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../../core/event/json.ts";
import { besideOf, principalOf } from "../../../../core/event/user-identity.ts";
import { facesOf } from "../../../../core/flow/inventory/inventory-face.ts";
import { attribute } from "../../../../core/identity/attribute.ts";
import { noPlacements } from "../../../../core/identity/placement.ts";
import { emptyRegistry } from "../../../../core/identity/registry.ts";
import {
  account,
  exampleKey,
  fromServiceAccount,
  otherAccount,
  record,
  session,
  sessionKey,
  user,
} from "../../../fixtures/records.ts";

const faces = (over: object): readonly string[] => {
  const body = record(over as never) as JsonObject;
  const principal = principalOf(body["userIdentity"] as JsonObject, besideOf(body));
  const known = { registry: emptyRegistry, issuance: () => undefined, placements: noPlacements };
  return facesOf(principal, attribute(principal, known)).map(({ kind, id }) => `${kind} ${id}`);
};
const arn = `arn:aws:iam::${account}:user/trainer`;

describe("what a caller is an appearance of", () => {
  it("is the user and the key, where no person signed in", () => {
    expect(faces({})).toEqual([`iam-user user:${arn}`, `access-key ${exampleKey}`]);
    const inConsole = { userIdentity: user({ accessKeyId: sessionKey(1), sessionCredentialFromConsole: "true" }) };
    expect(faces(inConsole)).toEqual([]);
  });

  it("is the user and its Bedrock key, where a bearer token signed", () => {
    expect(
      faces({
        userIdentity: user({ accessKeyId: undefined }),
        additionalEventData: { callWithBearerToken: true },
      }),
    ).toEqual([`iam-user user:${arn}`, `bedrock-api-key bedrock-key:${arn}`]);
  });

  it("is the role, and neither a service's nor a person's own role", () => {
    expect(faces({ userIdentity: session("bot", "s", sessionKey(1)) })).toEqual([
      `role role:arn:aws:iam::${account}:role/bot`,
    ]);
    const issued = (role: string) => ({
      userIdentity: session("x", "s", sessionKey(1), {
        sessionContext: {
          sessionIssuer: { type: "Role", arn: `arn:aws:iam::${account}:role/${role}`, accountId: account },
        },
      }),
    });
    expect(faces(issued("aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS"))).toEqual([
      `service-linked-roles service-linked-roles:${account}`,
    ]);
    expect(faces(issued("aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0"))).toEqual([]);
  });

  it("is the federated subject that asked, once", () => {
    expect(faces(fromServiceAccount())).toEqual([
      expect.stringMatching(
        /^service-account eks:oidc\.eks\.us-east-1\.amazonaws\.com\/id\/EXAMPLE\/bots\/support-bot$/,
      ),
    ]);
  });

  it("is the key of a root user, an AWS service, an account outside", () => {
    const root = {
      type: "Root",
      principalId: account,
      arn: `arn:aws:iam::${account}:root`,
      accountId: account,
      accessKeyId: exampleKey,
    };
    expect(faces({ userIdentity: root })).toContain(`access-key ${exampleKey}`);
    expect(faces({ userIdentity: { type: "AWSService", invokedBy: "ecs.amazonaws.com" } })).toEqual([
      "aws-services aws-services",
    ]);
    expect(
      faces({ userIdentity: { type: "AWSAccount", principalId: "AIDAI44QH8DHBEXAMPLE", accountId: otherAccount } }),
    ).toEqual([`third-party-account account:${otherAccount}`]);
  });
});
