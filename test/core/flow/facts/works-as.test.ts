import { describe, expect, it } from "vitest";
import { watchersFor } from "../../../../cli/watchers.ts";
import { type Fact, type FactSource, factKey } from "../../../../core/detect/facts/fact.ts";
import type { EventId } from "../../../../core/event/event.ts";
import { instant } from "../../../../core/event/instant.ts";
import { withWorksAs } from "../../../../core/flow/facts/works-as.ts";
import { identityFrom } from "../../../fixtures/known.ts";
import { account, at, eventId, type RecordObject, record, secondsAfter } from "../../../fixtures/records.ts";
import { folded } from "../folding.ts";
import { settled } from "../settling.ts";

const noon = Date.parse(at);
const notebook = `arn:aws:sagemaker:us-east-1:${account}:notebook-instance/lab`;
const roleArn = (name: string): string => `arn:aws:iam::${account}:role/${name}`;

/** A notebook that was made with a role, so many seconds after noon. */
const made = (number: number, seconds: number, role: string): RecordObject =>
  record({
    ...{ eventID: eventId(number), eventTime: secondsAfter(seconds) },
    ...{ eventSource: "sagemaker.amazonaws.com", eventName: "CreateNotebookInstance", readOnly: false },
    requestParameters: { notebookInstanceName: "lab", roleArn: role, instanceType: "ml.t3.medium" },
    responseElements: { notebookInstanceArn: notebook },
  });

const fact = (seconds: number, thing = notebook): Fact => ({
  kind: "works-as",
  thing,
  before: { at: instant(noon + seconds * 1_000), id: eventId(999) as EventId },
});

/** Knows every role that it is asked about, and remembers what it was asked. */
function knowing(): FactSource & { readonly asked: Fact[] } {
  const asked: Fact[] = [];
  return {
    asked,
    async answer(facts) {
      asked.push(...facts);
      return new Map(
        facts.map((one) => [
          factKey(one),
          one.kind === "identity"
            ? { kind: "identity", identity: identityFrom({ arn: one.arn }), because: "as the test says" }
            : { kind: "unknown", because: "not here" },
        ]),
      );
    },
  };
}

async function role(records: readonly RecordObject[], question: Fact): Promise<string> {
  const answer = (await withWorksAs(folded([[records]]), knowing()).answer([question])).get(factKey(question));
  return answer?.kind === "works-as" ? answer.role : `unknown: ${answer?.because}`;
}

describe("as which role a thing works", () => {
  it("is what the last call before gave it, whatever order the records come in", async () => {
    const records = [made(1, 0, roleArn("first")), made(2, 60, roleArn("second")), made(3, 600, roleArn("third"))];
    expect(await role(records, fact(120))).toBe(roleArn("second"));
    expect(await role(records.toReversed(), fact(120))).toBe(roleArn("second"));
    expect(await role([...records, ...records], fact(30))).toBe(roleArn("first"));
  });

  it("is not known before, nor of another thing", async () => {
    const records = [made(1, 60, roleArn("first"))];
    expect(await role(records, fact(30))).toBe("unknown: the call that gave it its role is not in these records");
    expect(await role(records, fact(120, `${notebook}-2`))).toMatch(/^unknown/);
  });

  it("comes with what is known of the role, by its name without a path", async () => {
    const others = knowing();
    const state = folded([[[made(1, 0, `arn:aws:iam::${account}:role/team/notebook`)]]]);
    const answer = (await withWorksAs(state, others).answer([fact(60)])).get(factKey(fact(60)));
    expect(answer).toMatchObject({ kind: "works-as", identity: { arn: roleArn("notebook") } });
    expect(answer?.because).toBe(`given by event ${eventId(1)}; its rights as the test says`);
  });

  it("leaves every other question to who answers it", async () => {
    const others = knowing();
    const other: Fact = {
      kind: "instance-profile",
      arn: "x",
      before: { at: instant(noon), id: eventId(9) as EventId },
    };
    await withWorksAs(folded([]), others).answer([other]);
    expect(others.asked).toEqual([other]);
  });
});

it("given a notebook that was made with an administrator's role, finds who opens it, in one run", async () => {
  const iam = (number: number, eventName: string, requestParameters: RecordObject): RecordObject =>
    record({
      ...{ eventID: eventId(number), eventTime: secondsAfter(number), eventSource: "iam.amazonaws.com", eventName },
      ...{ readOnly: false, requestParameters: requestParameters as never, responseElements: null },
    });
  const trust = {
    Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "sagemaker.amazonaws.com" } }],
  };
  const everything = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };
  const records = [
    iam(1, "CreateRole", {
      roleName: "notebook",
      assumeRolePolicyDocument: JSON.stringify({ Version: "2012-10-17", ...trust }),
    }),
    iam(2, "PutRolePolicy", { roleName: "notebook", policyName: "all", policyDocument: JSON.stringify(everything) }),
    made(3, 3, roleArn("notebook")),
    record({
      ...{ eventID: eventId(4), eventTime: secondsAfter(900), eventSource: "sagemaker.amazonaws.com", readOnly: false },
      ...{ eventName: "CreatePresignedNotebookInstanceUrl", requestParameters: { notebookInstanceName: "lab" } },
      userIdentity: {
        ...{ type: "IAMUser", principalId: "AIDACKCEVSQ6C3EXAMPLE", arn: `arn:aws:iam::${account}:user/guest` },
        ...{ accountId: account, accessKeyId: "AKIAI44QH8DHBEXAMPLE", userName: "guest" },
      },
    }),
  ];
  const { settlement } = await settled([[records]], { watchers: watchersFor(["ai-notebook-opened"]) });
  expect(settlement.findings).toMatchObject([
    {
      severity: "high",
      resource: notebook,
      title: "Somebody whom no manifest names made a link into a notebook whose role may do everything",
    },
  ]);
});
