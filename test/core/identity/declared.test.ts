import { describe, expect, it } from "vitest";
import { roleArn } from "../../fixtures/incident.ts";
import { account, fromServiceAccount, record, session, sessionKey } from "../../fixtures/records.ts";
import { attributionOf } from "./behind.ts";
import { registryFrom, workload } from "./manifest/manifest-examples.ts";

const issuer = "oidc.eks.us-east-1.amazonaws.com/id/EXAMPLE";
const call = record({ userIdentity: session("bot", "s", sessionKey(23)) });
const declaredBy = (...selectors: readonly string[]) =>
  attributionOf(
    call,
    [fromServiceAccount()],
    registryFrom(workload("bot", [`- roleArn: ${roleArn("bot")}`, ...selectors].join("\n"))),
  );
const named = (name: string, key = `oidcIssuer: ${issuer}`): string =>
  `- eksServiceAccount: { ${key}, namespace: bots, name: ${name} }`;

describe("a manifest that names a role", () => {
  it("names what runs under it", () => {
    expect(declaredBy()).toMatchObject({ id: "bot", declared: true, class: "linked" });
    expect(declaredBy(named("support-bot"))).toMatchObject({ id: "bot", declared: true, class: "linked" });
  });

  it("names no other service account than the one it says", () => {
    expect(declaredBy(named("billing-bot"))).toMatchObject({
      id: `eks:${issuer}/bots/support-bot`,
      declared: false,
      class: "linked",
    });
  });

  it("still names an account that it can only have said by the cluster", () => {
    const cluster = `clusterArn: "arn:aws:eks:us-east-1:${account}:cluster/agents"`;
    expect(declaredBy(named("support-bot", cluster))).toMatchObject({ id: "bot", declared: true });
  });
});
