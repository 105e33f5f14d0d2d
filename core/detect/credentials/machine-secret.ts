import type { ApiCall } from "../../event/event.ts";
import { at, text } from "../../event/json.ts";

/** What a call reads of one machine that opens something: its Windows password, or the commands and secrets it starts with. */
export interface MachineRead {
  readonly what: "password" | "user-data" | "other";
  readonly machine: string;
}

export const machineReadApis = ["ec2:DescribeInstanceAttribute", "ec2:GetPasswordData"] as const;

/** `other` is an attribute that opens nothing: whoever reads it beside the user data looks at the whole machine. */
export function machineReadOf({ api, request }: ApiCall): MachineRead | undefined {
  const machine = text(request["instanceId"]);
  if (!machine.startsWith("i-") || machine.length > 32) return undefined;
  if (api === "ec2:GetPasswordData") return { what: "password", machine };
  if (api !== "ec2:DescribeInstanceAttribute") return undefined;
  const attribute = text(request["attribute"]) || text(at(request, "attribute", "value"));
  return attribute === "" ? undefined : { what: attribute === "userData" ? "user-data" : "other", machine };
}

export const machineMark = ({ what, machine }: MachineRead, outside: boolean): string =>
  JSON.stringify([what, machine, outside]);

const kinds: readonly MachineRead["what"][] = ["password", "user-data", "other"];

/** Reads a mark again; nothing where another version wrote it another way. */
export function machineMarkOf(member: string): (MachineRead & { readonly outside: boolean }) | undefined {
  if (!member.startsWith('["')) return undefined;
  const [said, machine, outside]: readonly unknown[] = JSON.parse(member);
  const what = kinds.find((one) => one === said);
  return what !== undefined && typeof machine === "string" && typeof outside === "boolean"
    ? { what, machine, outside }
    : undefined;
}
