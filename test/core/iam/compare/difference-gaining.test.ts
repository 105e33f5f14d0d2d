import { expect, it } from "vitest";
import { differing, gaining } from "../../../../core/iam/compare/difference.ts";
import { documentFrom } from "../../../fixtures/known.ts";
import { table } from "../tables.ts";

const around = { partition: "aws", region: "us-east-1", account: "111122223333" } as const;
const allow = (actions: readonly string[], resource = "*") =>
  documentFrom({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: actions, Resource: resource }] });

it("answers the half of a difference that grants", () => {
  const [old, now] = [[allow(["s3:GetObject", "sqs:*"])], [allow(["s3:Get*"]), allow(["sqs:SendMessage"])]];
  const { added } = differing(table, around)(old, now);
  expect(added.length).toBeGreaterThan(10);
  expect(gaining(table, around)(old, now)).toEqual(added);
  expect(gaining(table, around)(now, now)).toEqual([]);
});
