import { expect, it } from "vitest";
import { globalActions, globalServices, isGlobal } from "../../../core/iam/global-services.ts";
import { table } from "./tables.ts";

it("knows services of the whole partition by the prefix of their actions", () => {
  for (const action of ["iam:CreateUser", "sts:AssumeRole", "organizations:ListAccounts", "support:CreateCase"])
    expect(isGlobal(action), action).toBe(true);
  for (const action of ["s3:GetObject", "ec2:RunInstances", "bedrock:InvokeModel", "kms:Decrypt", "iamx:Get", "iam"])
    expect(isGlobal(action), action).toBe(false);
});

it("names actions as AWS writes them", () => {
  for (const action of globalActions) expect(table.find(action)?.name, action).toBe(action);
});

it("names services that AWS has", () => {
  expect([...globalServices].filter((service) => !hasActions(service))).toEqual([]);
});

const hasActions = (service: string): boolean => table.expand(`${service}:*`).words.some((word) => word !== 0);
