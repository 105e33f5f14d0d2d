import { type AcceleratorTable, acceleratorOf } from "./accelerator.ts";

/**
 * Quotas of EC2 on vCPUs of accelerated instances: on demand and, in the second place, Spot ("Amazon EC2 On-Demand Instance
 * quotas" and "Spot Instance quotas", EC2 user guide; codes as Service Quotas lists them).
 */
const accelerated: Readonly<Record<string, string>> = {
  "L-417A185B": "P instances",
  "L-7212CCBC": "P instances, Spot",
  "L-C4BD4855": "P5 instances, Spot",
  "L-DB2E81BA": "G and VT instances",
  "L-3819A6DF": "G and VT instances, Spot",
  "L-1945791B": "Inf instances",
  "L-B5D1601B": "Inf instances, Spot",
  "L-2C3B7624": "Trn instances",
  "L-6B0D517C": "Trn instances, Spot",
  "L-6E869C2A": "DL instances",
  "L-85EED4F7": "DL instances, Spot",
  "L-74FC7D96": "F instances",
  "L-88CF9481": "F instances, Spot",
};

/** Those on all ordinary machines: what is left to somebody who gets no accelerators. */
const standard: ReadonlySet<string> = new Set(["L-1216C47A", "L-34B43A08"]);

/** What a quota limits, in words of our own. */
export interface QuotaSaid {
  readonly what: string;
  readonly accelerated: boolean;
}

/** What a quota limits, by its service, code and the name that the answer gives it; nothing for quotas that cost nothing. */
export function quotaOf(
  { service, code, name }: { readonly service: string; readonly code: string; readonly name: string },
  table: AcceleratorTable,
): QuotaSaid | undefined {
  switch (service) {
    case "ec2": {
      const known = Object.hasOwn(accelerated, code) ? accelerated[code] : undefined;
      if (known !== undefined) return { what: known, accelerated: true };
      const host = /^Running Dedicated ([a-z0-9-]{1,24}) Hosts$/.exec(name)?.[1];
      if (host !== undefined && acceleratorOf(host, table) !== undefined)
        return { what: "dedicated hosts with accelerators", accelerated: true };
      return standard.has(code) ? { what: "ordinary instances", accelerated: false } : undefined;
    }
    case "sagemaker": {
      // `ml.p4d.24xlarge for training job usage`
      const type = name.split(" ")[0] ?? "";
      return acceleratorOf(type, table) === undefined
        ? undefined
        : { what: "accelerated instances of SageMaker", accelerated: true };
    }
    case "bedrock":
      return { what: "models", accelerated: false };
    default:
      return undefined;
  }
}
