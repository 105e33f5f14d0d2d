import { describe, expect, it } from "vitest";
import { announcedVerdict, atAnnouncement, type Gained } from "../../../../core/detect/deployments/announced-change.ts";
import type { Seen } from "../../../../core/detect/detector.ts";
import type { Instant } from "../../../../core/event/instant.ts";
import type { Attribution } from "../../../../core/identity/attribution.ts";
import type { Change } from "../../../../core/identity/manifest/manifest-change.ts";
import { seenOf } from "../../../fixtures/read.ts";
import { workload } from "../../../fixtures/workloads.ts";

const subject = "repo:acme/infra:environment:prod";
const provider = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com";
const app = "arn:aws:iam::111122223333:role/app";
const at = (text: string): Instant => Date.parse(text) as Instant;

const change: Change = {
  name: "app-roles",
  where: "workloads/changes.yaml:1",
  workload: "deployer",
  plan: `sha256:${"0".repeat(64)}`,
  ticket: "OPS-42",
  posted: at("2026-11-20T09:00:00Z"),
  from: at("2026-11-20T10:00:00Z"),
  until: at("2026-11-20T12:00:00Z"),
  grants: [{ principal: app, statements: [{ Effect: "Allow", Action: "s3:Get*", Resource: "arn:aws:s3:::models/*" }] }],
  trust: [{ role: app, principals: ["lambda.amazonaws.com", "444455556666"] }],
  calls: [{ call: "iam:DeleteRolePermissionsBoundary", resource: app }],
};

const proven: Attribution = {
  kind: "workload",
  id: "deployer",
  declared: true,
  class: "linked",
  confidence: "high",
  because: "the issuing AssumeRoleWithWebIdentity names the subject of the token",
  root: { kind: "workload", id: "deployer" },
  hops: [
    {
      principal: `${provider}:sts.amazonaws.com:${subject}`,
      accessKeyId: null,
      eventID: null,
      end: "federation",
    },
  ],
};

interface Given {
  readonly changes?: readonly Change[];
  readonly time?: string;
  readonly attribution?: Partial<Attribution>;
  readonly kind?: "deployment" | "agent";
}

function seen({
  changes = [change],
  time = "2026-11-20T10:15:00Z",
  attribution = {},
  kind = "deployment",
}: Given): Seen {
  const deployer = workload("deployer", { class: kind });
  const record = {
    eventVersion: "1.11",
    eventID: "11111111-1111-4111-8111-000000000402",
    eventTime: time,
    eventSource: "iam.amazonaws.com",
    eventName: "UpdateAssumeRolePolicy",
    awsRegion: "us-east-1",
    userIdentity: {
      type: "AssumedRole",
      principalId: "AROACKCEVSQ6C2EXAMPLE:run-42",
      arn: "arn:aws:sts::111122223333:assumed-role/deployer/run-42",
      accountId: "111122223333",
      sessionContext: { sessionIssuer: { type: "Role", arn: "arn:aws:iam::111122223333:role/deployer" } },
    },
    requestParameters: { roleName: "app" },
    recipientAccountId: "111122223333",
  };
  const found = seenOf({ record, attribution: { ...proven, ...attribution } as Attribution, workloads: ["deployer"] }, [
    deployer,
  ]);
  return { ...found, registry: { ...found.registry, changes } };
}

const trust = (principal: string, role = app): Gained => ({ kind: "trust", role, principal });
const kindOf = (given: Given, ...gained: readonly Gained[]) => announcedVerdict(seen(given), gained).kind;
const lambda = trust("lambda.amazonaws.com");

describe("a change that was announced", () => {
  it("is as announced when the announced run gains no more than that", () => {
    expect(announcedVerdict(seen({}), [lambda, trust("arn:aws:iam::444455556666:root")])).toMatchObject({
      kind: "as-announced",
      change: "app-roles",
      because: "announced as app-roles (OPS-42)",
    });
    expect(kindOf({}, { kind: "call", api: "iam:DeleteRolePermissionsBoundary", resource: app })).toBe("as-announced");
    const grant = (action: string, resource: string): Gained => ({ kind: "grant", principal: app, action, resource });
    expect(kindOf({}, grant("s3:GetObject", "arn:aws:s3:::models/*"))).toBe("as-announced");
    expect(kindOf({}, grant("s3:GetObject", "arn:aws:s3:::other/*"))).toBe("more-than-announced");
    expect(kindOf({}, grant("s3:GetObject", "*"))).toBe("more-than-announced");
    expect(kindOf({}, grant("s3:PutObject", "arn:aws:s3:::models/*"))).toBe("more-than-announced");
  });

  it("names what goes beyond the announcement", () =>
    expect(announcedVerdict(seen({}), [lambda, trust("*")])).toMatchObject({
      kind: "more-than-announced",
      beyond: [{ principal: "*" }],
    }));

  it("is about its own role only, whatever path stands before its name", () => {
    expect(kindOf({}, trust("lambda.amazonaws.com", "arn:aws:iam::111122223333:role/other"))).toBe(
      "more-than-announced",
    );
    const withPath = { ...change, trust: [{ role: "arn:aws:iam::111122223333:role/ai/bots/app", principals: ["*"] }] };
    expect(kindOf({ changes: [withPath] }, trust("*"))).toBe("as-announced");
    expect(kindOf({ changes: [withPath] }, trust("*", "arn:aws:iam::111122223333:role/x/app"))).toBe(
      "more-than-announced",
    );
  });

  it("counts from its beginning to just before its end", () => {
    const times = ["2026-11-20T09:59:59Z", "2026-11-20T10:00:00Z", "2026-11-20T11:59:59Z", "2026-11-20T12:00:00Z"];
    expect(times.map((time) => kindOf({ time }, lambda))).toEqual([
      "not-announced",
      "as-announced",
      "as-announced",
      "not-announced",
    ]);
  });

  it("may be spread over several announcements of one run", () => {
    const more = { ...change, name: "more", trust: [{ role: app, principals: ["ec2.amazonaws.com"] }] };
    expect(kindOf({ changes: [change, more] }, lambda, trust("ec2.amazonaws.com"))).toBe("as-announced");
  });
});

describe("whose change it is", () => {
  it("has to be proven, of a deployment, and the announced one", () => {
    expect(kindOf({ attribution: { class: "indexed" } }, lambda)).toBe("not-announced");
    expect(kindOf({ attribution: { root: { kind: "unknown", id: "x" } } }, lambda)).toBe("not-announced");
    expect(kindOf({ kind: "agent" }, lambda)).toBe("not-announced");
    expect(kindOf({ changes: [{ ...change, workload: "other" }] }, lambda)).toBe("not-announced");
  });

  it("may be one run only: by its session, by the subject that the provider proved", () => {
    const run = (given: Change["run"], hop?: string) =>
      kindOf(
        {
          changes: [{ ...change, ...(given === undefined ? {} : { run: given }) }],
          ...(hop === undefined
            ? {}
            : { attribution: { hops: [{ principal: hop, accessKeyId: null, eventID: null, end: "federation" }] } }),
        },
        lambda,
      );
    expect(run({ subject })).toBe("as-announced");
    expect(run({ subject: "repo:acme/infra:environment:dev" })).toBe("not-announced");
    expect(run({ subject, session: "run-42" })).toBe("as-announced");
    expect(run({ subject, session: "run-43" })).toBe("not-announced");
    // An environment may be called like somebody else's whole subject.
    expect(run({ subject }, `${provider}:sts.amazonaws.com:repo:eve/x:environment:${subject}`)).toBe("not-announced");
  });
});

it("an announced change goes to the case, more than announced is high, and the rest stays", () => {
  const graded = (kind: "as-announced" | "more-than-announced" | "not-announced") =>
    (["low", "critical"] as const).map((one) => atAnnouncement(one, { kind } as never));
  expect(graded("as-announced")).toEqual(["info", "info"]);
  expect(graded("more-than-announced")).toEqual(["high", "critical"]);
  expect(graded("not-announced")).toEqual(["low", "critical"]);
});
