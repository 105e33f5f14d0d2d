import { expect, it } from "vitest";
import {
  isQuarantineInline,
  isQuarantineTag,
  quarantinePolicy,
} from "../../../../core/detect/guard-rails/quarantine-mark.ts";

it("AWS's own policies are known by their account and whole name, in every partition", () => {
  const of = (name: string, account = "aws", partition = "aws") =>
    quarantinePolicy(`arn:${partition}:iam::${account}:policy/${name}`);
  expect(of("AWSDenyAll")).toBe("deny-all");
  expect(of("AWSDenyAll", "aws", "aws-cn")).toBe("deny-all");
  expect(of("AWSDenyAll", "111122223333")).toBeUndefined();
  expect(of("AWSDenyAllExceptListed")).toBeUndefined();
  expect(["", "V2", "V3", "V4"].map((version) => of(`AWSCompromisedKeyQuarantine${version}`))).toEqual(
    Array.from({ length: 4 }, () => "aws-compromised-key"),
  );
  expect(of("service-role/cordon-deny-secrets", "111122223333")).toBe("own");
  expect(of("ReadOnlyAccess")).toBeUndefined();
  expect(quarantinePolicy("AWSDenyAll")).toBeUndefined();
});

it("tags and inline policies of a quarantine are known by how they begin", () => {
  expect(["quarantine:case", "cordon:plan", "Quarantine:at"].every(isQuarantineTag)).toBe(true);
  expect(["team", "x-quarantine:case", "quarantined"].some(isQuarantineTag)).toBe(false);
  expect(["AWSRevokeOlderSessions", "cordon-case-1", "quarantine-lock"].every(isQuarantineInline)).toBe(true);
  expect(["AWSRevokeOlderSessions2", "app-policy", "cordoned"].some(isQuarantineInline)).toBe(false);
});
