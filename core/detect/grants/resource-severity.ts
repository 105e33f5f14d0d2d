import { parseArn } from "../../iam/arn.ts";
import type { Registry, Workload } from "../../identity/workload.ts";
import { atLeast, type Severity, severities } from "../finding.ts";
import type { ResourceOpening } from "./resource-opening.ts";

/** The declared workload that the resource is: a function or an agent's runtime. */
export function ownerOfResource(resource: string, registry: Registry): Workload | undefined {
  const service = parseArn(resource)?.service;
  if (service === "lambda") return registry.byFunction(resource);
  return service === "bedrock-agentcore" ? registry.selecting("agentCoreRuntime", [resource])?.manifest : undefined;
}

/** What decides beside the opening itself. */
export interface OpeningSituation {
  readonly owner: Workload | undefined;
  /** What the policy said before is known. */
  readonly known: boolean;
  /** The actor is a workload that is declared to do no such thing. */
  readonly outside: boolean;
}

/** How grave it is that a resource's policy lets somebody in. */
export function openingSeverity(
  { kind, worth }: ResourceOpening,
  { owner, known, outside }: OpeningSituation,
): Severity {
  const base = ((): Severity => {
    switch (kind) {
      case "everybody":
        return worth === "read" ? "medium" : "high";
      case "foreign-account":
        return worth === "control" ? "high" : "medium";
      case "everybody-on-a-condition":
      case "foreign-account-on-a-condition":
      case "known-account":
        return "low";
      case "oneself":
        // Key policies name whoever writes them, so that it is not locked out: only what is known to be new counts.
        return known && worth === "control" ? "medium" : "low";
      case "in-house":
        return worth === "control" ? "low" : "info";
      case "service":
        return "info";
    }
  })();
  const graver = owner === undefined && !outside ? base : (severities[severities.indexOf(base) + 1] ?? "critical");
  return outside && !atLeast(graver, "medium") ? "medium" : graver;
}

/** Bad whoever does it. */
export const isOpenDoor = ({ kind }: ResourceOpening): boolean => kind === "everybody" || kind === "foreign-account";
