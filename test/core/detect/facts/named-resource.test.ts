import { expect, it } from "vitest";
import { lastOf, namedArn, namesOf } from "../../../../core/detect/facts/named-resource.ts";
import type { ApiCall } from "../../../../core/event/event.ts";
import { eventOf } from "../../../fixtures/read.ts";
import { record } from "../../../fixtures/records.ts";

const call = (requestParameters: object): ApiCall => {
  const event = eventOf(record({ requestParameters: JSON.parse(JSON.stringify(requestParameters)) }));
  if (event.kind !== "api-call") throw new Error("not a call");
  return event;
};

it("takes the names at the first path that has any, however the call writes lists", () => {
  const made = call({ a: "", b: { content: "one", tag: 1 }, c: [{ content: "two" }, "three"], d: { e: "four" } });
  expect(namesOf(made, ["a", "b"])).toEqual([["requestParameters.b", "one"]]);
  expect(namesOf(made, ["c"]).map(([, name]) => name)).toEqual(["two", "three"]);
  expect(namesOf(made, ["d.e"])).toEqual([["requestParameters.d.e", "four"]]);
  expect(namesOf(made, ["x", "toString"])).toEqual([]);
});

it.each([
  ["arn:aws:sqs:us-east-1:111122223333:audit", "audit"],
  ["https://sqs.us-east-1.amazonaws.com/111122223333/audit", "audit"],
  ["arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/audit:*", "/aws/lambda/audit"],
  ["/aws/lambda/audit", "/aws/lambda/audit"],
  ["arn:aws:events:us-east-1:111122223333:rule/bus/writes", "writes"],
  ["plain", "plain"],
])("knows the name in %s", (whole, name) => expect(lastOf(whole)).toBe(name));

it("makes an ARN of a name, and none of what cannot be one", () => {
  const made = call({});
  expect(namedArn(made, "ec2:image/", "ami-1")).toBe("arn:aws:ec2:us-east-1:111122223333:image/ami-1");
  expect(namedArn(made, "s3:", "data")).toBe("arn:aws:s3:::data");
  expect(namedArn(made, "iam:role/", "bot")).toBe("arn:aws:iam::111122223333:role/bot");
  expect(namedArn(made, "ec2:image/", "arn:aws:ec2:us-west-2::image/ami-1")).toBe("arn:aws:ec2:us-west-2::image/ami-1");
  expect(namedArn(made, "ec2:image/", "a b")).toBeUndefined();
  expect(namedArn(made, "", "x")).toBeUndefined();
});
