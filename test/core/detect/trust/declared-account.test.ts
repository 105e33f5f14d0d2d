import { expect, it } from "vitest";
import { accountOfRegistry } from "../../../../core/detect/trust/declared-account.ts";
import { registryFrom, workload } from "../../identity/manifest/manifest-examples.ts";

const registry = registryFrom(
  workload("vendor", '- thirdParty: { accountId: "444455556666" }'),
  workload("bot", "- lambdaFunction: arn:aws:lambda:us-east-1:777788889999:function:bot"),
  workload("fleet", '- roles: { accounts: ["999988887777"], path: /ai/ }'),
  'apiVersion: cordon/v1\nkind: Deployment\nmetadata: { name: prod }\nspec: { accounts: ["111122223333"] }\n',
  workload("later", "- roleArn: arn:aws:iam::555566667777:role/later", ", status: draft"),
);

it("an account is known by a third party, a deployment, a function, a path of roles", () => {
  expect(accountOfRegistry("111122223333", registry)).toBe("an account of deployment prod");
  expect(accountOfRegistry("444455556666", registry)).toBe("declared as vendor");
  expect(accountOfRegistry("777788889999", registry)).toBe("the account of bot");
  expect(accountOfRegistry("999988887777", registry)).toBe("the account of fleet");
});

it("a draft makes no account known, and others stay strangers", () => {
  expect(accountOfRegistry("555566667777", registry)).toBeUndefined();
  expect(accountOfRegistry("222233334444", registry)).toBeUndefined();
});
