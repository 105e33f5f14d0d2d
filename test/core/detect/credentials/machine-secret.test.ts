import fc from "fast-check";
import { expect, it } from "vitest";
import {
  type MachineRead,
  machineMark,
  machineMarkOf,
  machineReadOf,
} from "../../../../core/detect/credentials/machine-secret.ts";
import { eventOf } from "../../../fixtures/read.ts";
import { record } from "../../../fixtures/records.ts";

const readOf = (eventName: string, requestParameters: Readonly<Record<string, string>>): MachineRead | undefined => {
  const event = eventOf(record({ eventSource: "ec2.amazonaws.com", eventName, requestParameters }));
  return event.kind === "api-call" ? machineReadOf(event) : undefined;
};

it("tells what is read of a machine, and what of that opens nothing", () => {
  const instanceId = "i-0abcdef1234567890";
  expect(readOf("GetPasswordData", { instanceId })).toEqual({ what: "password", machine: instanceId });
  expect(readOf("DescribeInstanceAttribute", { instanceId, attribute: "userData" })?.what).toBe("user-data");
  expect(readOf("DescribeInstanceAttribute", { instanceId, attribute: "kernel" })?.what).toBe("other");
  expect(readOf("DescribeInstanceAttribute", { instanceId })).toBeUndefined();
  expect(readOf("DescribeInstances", { instanceId })).toBeUndefined();
  expect(readOf("GetPasswordData", { instanceId: "not a machine" })).toBeUndefined();
});

it("reads what it wrote, and leaves what another version wrote", () => {
  const read = fc.record<MachineRead>({
    what: fc.constantFrom("password", "user-data", "other"),
    machine: fc.string(),
  });
  fc.assert(
    fc.property(read, fc.boolean(), (one, outside) => {
      expect(machineMarkOf(machineMark(one, outside))).toEqual({ ...one, outside });
    }),
  );
  for (const other of ["", "i-1", '["kernel","i-1",false]', '["password","i-1"]'])
    expect(machineMarkOf(other)).toBeUndefined();
});
