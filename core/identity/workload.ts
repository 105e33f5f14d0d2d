import type { JsonObject } from "../event/json.ts";
import type { RoleArn } from "../iam/arn.ts";

/** One declared workload: what it is, who owns it and what it needs. Made by `manifest.ts` from a checked document. */
export interface Workload {
  readonly name: string;
  readonly owner: string;
  readonly oncall?: string;
  readonly environment?: string;
  readonly tier?: string;
  readonly protected: boolean;
  readonly status: "active" | "draft";
  readonly class?: string;
  readonly roles: readonly RoleArn[];
  /** Selectors as written, `kind` first; those that no resolver reads yet are kept, and named to the user. */
  readonly selectors: readonly Selector[];
  readonly envelope: Envelope;
  readonly response: Response;
  /** File and line of the manifest, for messages. */
  readonly where: string;
}

export interface Selector {
  readonly kind: string;
  readonly value: string | JsonObject;
}

/** What a workload is declared to need. An absent part is not limited by that part. */
export interface Envelope {
  readonly regions?: readonly string[];
  readonly models?: readonly string[];
  readonly secrets?: readonly string[];
  readonly accelerators?: Accelerators;
  readonly statements: readonly JsonObject[];
}

export interface Accelerators {
  readonly families: readonly string[];
  readonly maxInstances?: number;
  readonly maxHourlyUsd?: number;
}

export interface Response {
  readonly contain: "automatic" | "approval" | "never";
}

/** Every declared workload, found by name or by what identifies it. */
export interface Registry {
  readonly workloads: readonly Workload[];
  named(name: string): Workload | undefined;
  /** The one active manifest that names this role, exactly or by a trailing `*` in the name. */
  byRole(role: string): Workload | undefined;
  byFunction(functionArn: string): Workload | undefined;
}
