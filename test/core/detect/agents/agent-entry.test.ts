import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { enteredThing, entries, entryMark, entryOf } from "../../../../core/detect/agents/agent-entry.ts";
import type { ApiCall } from "../../../../core/event/event.ts";
import type { Json } from "../../../../core/event/json.ts";
import { eventOf } from "../../../fixtures/read.ts";
import { account, type RecordObject, record } from "../../../fixtures/records.ts";
import { tables } from "../../../fixtures/tables.ts";

const thing = (requestParameters: Json, over: RecordObject = {}): string | undefined =>
  enteredThing(
    eventOf(
      record({ eventSource: "bedrock-agentcore.amazonaws.com", eventName: "Any", requestParameters, ...over }),
    ) as ApiCall,
  );

describe("what is entered", () => {
  const arn = `arn:aws:bedrock-agentcore:us-east-1:${account}:code-interpreter-custom/sums-abcdefghij`;
  it("is named by its id, its ARN or the record's resources, and the same each time", () => {
    expect(thing({ codeInterpreterIdentifier: "sums-abcdefghij" })).toBe(arn);
    expect(thing({ codeInterpreterIdentifier: arn })).toBe(arn);
    expect(thing(null, { resources: [{ type: "AWS::BedrockAgentCore::CodeInterpreterCustom", ARN: arn }] })).toBe(arn);
  });

  it("is nothing where AWS keeps it for everybody, which has no role", () => {
    expect(thing({ codeInterpreterIdentifier: "aws.codeinterpreter.v1" })).toBeUndefined();
    expect(
      thing({ browserIdentifier: "arn:aws:bedrock-agentcore:us-east-1:aws:browser/aws.browser.v1" }),
    ).toBeUndefined();
    expect(thing({ codeInterpreterIdentifier: "aws.codeinterpreter.v1-mine" })).toBeDefined();
    expect(thing(null)).toBeUndefined();
  });
});

describe("a mark", () => {
  it("is read as it was written, and nothing else is", () => {
    for (const one of entries)
      for (const outside of [true, false]) expect(entryOf(entryMark(one, outside))).toEqual({ ...one, outside });
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(entryOf(JSON.stringify(text))).toBeUndefined();
      }),
    );
    expect(entryOf('["bedrock:InvokeModel",true]')).toBeUndefined();
  });
});

it("names calls that IAM knows as actions, but for the one that AWS does not list", () => {
  expect(entries.map(({ api }) => api).filter((api) => tables.iam.table.find(api) === undefined)).toEqual([
    "bedrock-agentcore:InvokeBrowser",
  ]);
});
