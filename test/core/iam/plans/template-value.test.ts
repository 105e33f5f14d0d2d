import { describe, expect, it } from "vitest";
import { laterMark, logicalIn, type TemplateWorld, valueIn } from "../../../../core/iam/plans/template-value.ts";

const world: TemplateWorld = {
  resources: {
    Bot: { Type: "AWS::IAM::Role", Properties: { RoleName: "bot", Path: "/ai/" } },
    Made: { Type: "AWS::IAM::Role", Properties: {} },
    Queue: { Type: "AWS::SQS::Queue", Properties: {} },
  },
  parameters: new Map([["Stage", "prod"]]),
  account: "111122223333",
  region: "us-east-1",
  partition: "aws",
  stack: "bots",
  physical: new Map([["Queue", "https://sqs.us-east-1.amazonaws.com/111122223333/q"]]),
};
const value = (given: unknown): unknown => valueIn(given, world);

describe("a value of a template", () => {
  it("is what parameters, pseudo parameters and names in the template say", () => {
    expect(value({ Ref: "Stage" })).toBe("prod");
    expect(value({ Ref: "AWS::AccountId" })).toBe("111122223333");
    expect(value({ Ref: "Bot" })).toBe("bot");
    expect(value({ Ref: "Queue" })).toBe("https://sqs.us-east-1.amazonaws.com/111122223333/q");
    expect(value({ "Fn::GetAtt": ["Bot", "Arn"] })).toBe("arn:aws:iam::111122223333:role/ai/bot");
    expect(value({ "Fn::GetAtt": "Bot.Arn" })).toBe("arn:aws:iam::111122223333:role/ai/bot");
    expect(value({ "Fn::Join": ["-", ["a", { Ref: "Stage" }]] })).toBe("a-prod");
    expect(value([{ A: { Ref: "AWS::NoValue" }, B: 1 }, { Ref: "AWS::NoValue" }])).toEqual([{ B: 1 }]);
  });

  it("puts values into texts, and leaves what stands for a policy variable", () => {
    const sub = (text: string, own?: object) => value({ "Fn::Sub": own === undefined ? text : [text, own] });
    const dollar = "$";
    expect(sub(`arn:${dollar}{AWS::Partition}:s3:::${dollar}{Stage}/*`)).toBe("arn:aws:s3:::prod/*");
    expect(sub(`x/${dollar}{!aws:username}/y`)).toBe(`x/${dollar}{aws:username}/y`);
    expect(sub(`${dollar}{Own}-${dollar}{Bot.Arn}`, { Own: "o" })).toBe("o-arn:aws:iam::111122223333:role/ai/bot");
    expect(sub(`a ${dollar}{Nowhere} b`)).toBe(`a ${laterMark} b`);
    expect(sub(`open ${dollar}{`)).toBe(`open ${dollar}{`);
  });

  it("is known later where nothing says it, and then names the resource of the stack that it is", () => {
    expect(logicalIn(String(value({ Ref: "Made" })))).toBe("Made");
    expect(logicalIn(String(value({ "Fn::GetAtt": ["Queue", "Arn"] })))).toBe("Queue");
    expect(value({ "Fn::ImportValue": "x" })).toBe(laterMark);
    expect(value({ "Fn::If": ["c", 1, 2] })).toBe(laterMark);
    expect(value({ "Fn::Join": ["-", [{ "Fn::ImportValue": "x" }, 1]] })).toBe(laterMark);
    expect(value({ Ref: 1 })).toBe(laterMark);
  });

  it("ends for a template of any depth", () => {
    let deep: unknown = "end";
    for (let level = 0; level < 10_000; level++) deep = [deep];
    expect(JSON.stringify(value(deep))).toContain(laterMark);
  });
});
