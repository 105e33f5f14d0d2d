import { describe, expect, it } from "vitest";
import { plainOf } from "../../../../core/flow/suggest/noted.ts";
import { thinHistory } from "../../../../core/flow/suggest/suggest-manifest.ts";
import { registryOf } from "../../../../core/identity/registry.ts";
import { declaring } from "../../../fixtures/declaring.ts";
import { workload } from "../../../fixtures/workloads.ts";
import {
  account,
  asked,
  day,
  declared,
  did,
  drafted,
  functionArn,
  nobody,
  on,
  ran,
  region,
  roleArn,
  start,
} from "./suggesting.ts";

const table = (name: string): string => `arn:aws:dynamodb:${region}:${account}:table/${name}`;

describe("statements", () => {
  it("hold the actions that share their resources, sorted, and no wildcard in an action", () => {
    const draft = drafted([did(on("dynamodb:PutItem", table("orders"))), did(on("dynamodb:GetItem", table("orders")))]);
    expect(declared(draft).envelope.statements).toEqual([
      { Effect: "Allow", Action: ["dynamodb:GetItem", "dynamodb:PutItem"], Resource: [table("orders")] },
    ]);
  });

  it("stay apart where the resources differ", () => {
    const draft = drafted([
      did(on("dynamodb:GetItem", table("orders"))),
      did(on("dynamodb:GetItem", table("stock"))),
      did(on("dynamodb:PutItem", table("stock"))),
    ]);
    expect(declared(draft).envelope.statements).toHaveLength(2);
  });

  it("leave out what was refused, and say so", () => {
    const draft = drafted([
      did(),
      did({ ...on("iam:CreateUser", "arn:aws:iam::111122223333:user/x"), outcome: "denied" }),
    ]);
    expect(JSON.stringify(declared(draft).envelope)).not.toContain("iam:");
    expect(JSON.stringify(draft.document)).toContain("Refused and left out: iam:CreateUser 1.");
  });

  it("say how often and when each was seen", () => {
    const draft = drafted([did({}, { count: 1_200, last: start + day })]);
    expect(JSON.stringify(draft.document)).toContain(
      "1,200 calls, first 2026-01-01T00:00:00Z, last 2026-01-02T00:00:00Z",
    );
  });

  it("reach over the kind, in its account and Region, where no record names the resource", () => {
    const draft = drafted([did(on("dynamodb:GetItem"))]);
    expect(declared(draft).envelope.statements[0]?.["Resource"]).toEqual([
      `arn:aws:dynamodb:${region}:${account}:table/*`,
    ]);
    expect(JSON.stringify(draft.document)).toContain("the records do not say on what");
  });

  it("become the whole kind, in its places, where there are too many resources to list, in any order", () => {
    const rows = Array.from({ length: 10_100 }, (_, one) =>
      did(on("dynamodb:GetItem", table(`${String.fromCharCode(97 + (one % 26))}${one}`))),
    );
    const whole = [`arn:aws:dynamodb:${region}:${account}:table/*`];
    for (const all of [rows, rows.toReversed()])
      expect(declared(drafted(all)).envelope.statements[0]?.["Resource"]).toEqual(whole);
  });

  it("are not widened to everything by a name that is no ARN", () => {
    const draft = drafted([did(on("dynamodb:GetItem", "arn:*:dynamodb:*:*:table/x"))]);
    expect(declared(draft).envelope.statements[0]?.["Resource"]).toEqual([
      `arn:aws:dynamodb:${region}:${account}:table/*`,
    ]);
  });

  it("name the bucket of objects that no record names", () => {
    const draft = drafted([did({ ...on("s3:GetObject"), bucket: "arn:aws:s3:::models" })]);
    expect(declared(draft).envelope.statements[0]?.["Resource"]).toEqual(["arn:aws:s3:::models/*"]);
  });

  it("do not speak of calls whose action nobody knows", () => {
    const { checks: _, ...call } = did().conduct;
    const draft = drafted([{ ...did(), conduct: { ...call, api: "x:Strange" } }]);
    expect(declared(draft).envelope.statements).toEqual([]);
    expect(JSON.stringify(draft.document)).toContain("Not covered, for no IAM action is known: x:Strange 1.");
  });

  it("name each role that is handed over, however many begin alike", () => {
    const roles = [1, 2, 3].map((one) => roleArn(`app-${one}`));
    const draft = drafted([did(on("iam:PassRole", ...roles))]);
    expect(declared(draft).envelope.statements[0]?.["Resource"]).toEqual(roles);
    expect(JSON.stringify(draft.document)).not.toContain("opens ways");
  });

  it("come with a warning where they open a way to more rights", () => {
    const draft = drafted([did(on("iam:CreatePolicyVersion", "arn:aws:iam::111122223333:policy/x"))]);
    expect(JSON.stringify(draft.document)).toContain("This draft opens ways to more rights: iam:CreatePolicyVersion");
  });
});

describe("the other parts", () => {
  it("hold Regions but not those of services that have none", () => {
    const draft = drafted([did(), did({ ...on("iam:GetRole", roleArn("bot")), region: "us-west-2" })]);
    expect(declared(draft).envelope.regions).toEqual([region]);
  });

  it("hold models by their id, whichever Region's profile was asked", () => {
    const draft = drafted([
      did({ ...on("bedrock:InvokeModel"), model: "us.anthropic.claude-3-haiku-20240307-v1:0" }),
      did({
        ...on("bedrock:InvokeModel"),
        model: `arn:aws:bedrock:${region}::foundation-model/anthropic.claude-3-haiku-20240307-v1:0`,
      }),
      did({ ...on("sagemaker:InvokeEndpoint"), model: "an-endpoint" }),
    ]);
    expect(declared(draft).envelope.models).toEqual(["anthropic.claude-3-haiku-20240307-v1:0"]);
    expect(declared(draft).class).toBe("agent");
  });

  it("hold secrets once, without the six characters", () => {
    const secret = `arn:aws:secretsmanager:${region}:${account}:secret:bot/token`;
    const draft = drafted([did({ ...on("secretsmanager:GetSecretValue", `${secret}-AbCdEf`), secrets: [secret] })]);
    expect(declared(draft).envelope.secrets).toEqual([secret]);
  });

  it("hold the longest session that was asked for", () => {
    const draft = drafted([
      did({ ...on("sts:AssumeRole", roleArn("b")), sessionSeconds: 900 }),
      did({ ...on("sts:AssumeRole", roleArn("b")), sessionSeconds: 3_600 }),
    ]);
    expect(declared(draft).envelope.session).toEqual({ maxSeconds: 3_600 });
  });

  it("hold VPC endpoints only where every call came through a few", () => {
    const through = { kind: "vpc-endpoint", id: "vpce-0abc" } as const;
    const service = { kind: "service", name: "lambda.amazonaws.com" } as const;
    expect(declared(drafted([did({ origin: through }), did({ origin: service })])).envelope.origin).toEqual({
      vpcEndpoints: ["vpce-0abc"],
    });
    expect(declared(drafted([did({ origin: through }), did()])).envelope.origin).toBeUndefined();
  });

  it("hold accelerators where calls asked for some", () => {
    const draft = drafted([did(on("ec2:RunInstances", "*"))], {
      capacity: [
        { principal: 0, family: "g5", instances: 4 },
        { principal: 0, family: "p5", instances: 2 },
      ],
    });
    expect(declared(draft).envelope.accelerators).toEqual({ families: ["g5", "p5"], maxInstances: 4 });
    expect(declared(draft).class).toBe("orchestration");
  });

  it("hold the agents that it asked", () => {
    const asks = ["gateway:tools", "agent:summariser", "agent:not a name"].map((callee) => ({ principal: 0, callee }));
    expect(declared(drafted([did()], { asks })).envelope.mayInvoke).toEqual(["agent:summariser", "gateway:tools"]);
  });

  it("limit the chain only where its beginning was seen", () => {
    const lost = ran("lambda:x", "bot", {
      hops: [
        { principal: "s", accessKeyId: null, eventID: "1" },
        { principal: "t", accessKeyId: null, eventID: null, end: "not-seen" },
      ],
    });
    const chainOf = (actor: typeof lost) => {
      const [draft] = asked([{ ...actor, rows: [did()] }]).drafts;
      return draft && declared(draft).envelope.chain;
    };
    expect(chainOf(ran("lambda:x", "bot"))).toEqual({ maxHops: 1 });
    expect(chainOf(lost)).toBeUndefined();
  });
});

describe("who is drafted", () => {
  it("is what AWS names, with one draft for all its sessions", () => {
    const { drafts } = asked([
      { ...ran(`lambda:${functionArn("support-bot")}`, "bot"), rows: [did()] },
      { ...ran(`lambda:${functionArn("support-bot")}:7`, "bot"), rows: [did()] },
    ]);
    expect(drafts.map(({ name, identities }) => [name, identities])).toEqual([["support-bot", 2]]);
    expect(drafts.flatMap((one) => declared(one).selectors)).toMatchObject([
      { kind: "lambdaFunction", value: functionArn("support-bot") },
    ]);
  });

  it("is the role where the name was the caller's choice", () => {
    const { drafts } = asked([{ ...ran(`lambda:${functionArn("bot")}`, "bot", { class: "inferred" }), rows: [did()] }]);
    expect(drafts.flatMap((one) => declared(one).roles)).toEqual([roleArn("bot")]);
  });

  it("is nobody's person and no service, and their calls are counted", () => {
    const { drafts, passedOver } = asked([
      { ...nobody("AWSReservedSSO_Admin_0123456789abcdef"), rows: [did({}, { count: 3 })] },
      { ...nobody("aws-service-role/x.amazonaws.com/AWSServiceRoleForX"), rows: [did()] },
    ]);
    expect(drafts).toEqual([]);
    expect([...passedOver]).toEqual([
      ["person", 3],
      ["AWS service", 1],
    ]);
  });

  it("is no second manifest for a role that one names, whoever else claims its sessions", () => {
    const disputed = { ...nobody("bot") };
    const registry = declaring([roleArn("bot")]);
    expect(asked([{ ...disputed, rows: [did()] }], { registry }).drafts).toEqual([]);
    expect(asked([{ ...disputed, rows: [did()] }]).drafts).toHaveLength(1);
  });

  it("is no token that only took sessions, whose sessions are drafted", () => {
    const id = "eks:oidc.example.com/id/1/ml/bot";
    const token = ran(id, "bot", { hops: [{ principal: "t", accessKeyId: null, eventID: null, end: "federation" }] });
    const took = did(on("sts:AssumeRoleWithWebIdentity", roleArn("bot")));
    const alone = asked([{ ...token, rows: [took] }]);
    expect([alone.drafts, [...alone.passedOver]]).toEqual([[], [["asks only", 1]]]);
    const { drafts } = asked([
      { ...token, rows: [took] },
      { ...ran(id, "bot"), rows: [did()] },
    ]);
    expect(drafts.map(({ name, statements }) => [name, statements])).toEqual([["bot", 2]]);
    expect(JSON.stringify(drafts)).not.toContain("opens ways");
  });

  it("is a declared workload under a name beside its own, with its owner and selectors", () => {
    const bot = workload("support-bot", { class: "agent", environment: "production" });
    const { registry } = registryOf([{ workload: bot, place: { file: "b", line: 1, column: 1 }, selectors: [] }], {
      exceptions: [],
      approvers: [],
      changes: [],
      deployments: [],
    });
    const actor = ran("support-bot", "support-bot", { declared: true });
    const [draft] = asked([{ ...actor, rows: [did()] }], { registry }).drafts;
    expect(draft && declared(draft)).toMatchObject({
      name: "support-bot.draft",
      owner: bot.owner,
      status: "draft",
      class: "agent",
      environment: "production",
      selectors: [{ kind: "roleArn", value: roleArn("support-bot") }],
    });
    expect(draft?.asked).toContain("support-bot");
  });

  it("gets a name of its own where two would be called alike, in any order", () => {
    const other = { ...nobody("bot"), principal: { ...nobody("bot").principal, role: roleArn("bot", "444455556666") } };
    const actors = [
      { ...nobody("bot"), rows: [did()] },
      {
        principal: other.principal as ReturnType<typeof nobody>["principal"],
        attribution: other.attribution,
        rows: [did()],
      },
      { ...ran(`lambda:${functionArn("bot")}`, "x"), rows: [did()] },
    ];
    const names = (all: typeof actors): readonly string[] => asked(all).drafts.map(({ name }) => name);
    expect(names(actors)).toEqual(["bot-111122223333-function", "bot-111122223333-role", "bot-444455556666"]);
    expect(names(actors.toReversed())).toEqual(names(actors));
  });

  it("is called without the end that CloudFormation makes up", () => {
    const { drafts } = asked([{ ...nobody("gateway-TaskRole-4EVBVVOUPIYP"), rows: [did()] }]);
    expect(drafts.map(({ name }) => name)).toEqual(["gateway-TaskRole"]);
  });

  it("never gets a name that is taken", () => expect(drafted([did()], { taken: new Set(["BOT"]) }).name).toBe("bot-2"));
});

it("says in the first line how thin the history is, counted from the first call", () => {
  expect(thinHistory(1)).toBe("DRAFT from 1 day of history: will miss weekly jobs");
  expect(thinHistory(30)).toBe("DRAFT from 30 days of history: will miss monthly jobs");
  expect(thinHistory(400)).toBe("DRAFT from 400 days of history: may miss yearly jobs");
  const history = { first: start - 300 * day, last: start + 2 * day };
  expect(drafted([did()], { history })).toMatchObject({ active: 1, days: 2 });
  expect(JSON.stringify(drafted([did()], { history }).document)).toContain("DRAFT from 2 days of history");
});

it("gives the same draft whichever of its sessions comes first", () => {
  const actors = [nobody("bot"), ran(`lambda:${functionArn("bot")}`, "bot", { class: "inferred" })].map((one) => ({
    ...one,
    rows: [did()],
  }));
  expect(asked(actors.toReversed()).drafts).toEqual(asked(actors).drafts);
});

it("gives the same drafts whatever order the rows come in", () => {
  const rows = [
    did(on("dynamodb:PutItem", table("a"))),
    did(on("dynamodb:GetItem", table("b")), { first: start + day, last: start + day }),
    did({ ...on("s3:GetObject"), region: "eu-west-1" }),
  ];
  expect(plainOf(drafted(rows.toReversed()).document)).toEqual(plainOf(drafted(rows).document));
  expect(drafted(rows.toReversed()).document).toEqual(drafted(rows).document);
});
