import { expect, it } from "vitest";
import { isServiceItself } from "../../../../core/identity/lineage/issuing-service.ts";

it.each([
  ["aws-service", "pods.eks.amazonaws.com", true],
  ["aws-service", "pods.eks.amazonaws.com.cn", true],
  ["aws-service", "eks.amazonaws.com", false],
  ["aws-service", "pods.eks.amazonaws.com.example.com", false],
  ["aws-service", "AWS Internal", false],
  ["assumed-role", "pods.eks.amazonaws.com", false],
] as const)("knows that a %s called %s is EKS itself: %s", (kind, service, expected) =>
  expect(isServiceItself({ kind, service }, "pods.eks")).toBe(expected),
);
