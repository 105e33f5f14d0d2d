import type { Instant } from "../event/instant.ts";
import type { JsonObject } from "../event/json.ts";
import type { RoleArn } from "../iam/arn.ts";
import type { Change } from "./manifest/manifest-change.ts";
import type { Selector } from "./manifest/selector.ts";
import type { SelectorKey } from "./manifest/selector-keys.ts";

/** What kind of AI workload a manifest declares. */
export type WorkloadClass = (typeof workloadClasses)[number];

export const workloadClasses = [
  "agent",
  "model-serving",
  "training",
  "vector-store",
  "orchestration",
  "deployment",
  "pipeline",
] as const;

/** One declared workload: what it is, who owns it and what it needs. Made by `manifest.ts` from a checked document. */
export interface Workload {
  readonly name: string;
  readonly owner: string;
  readonly oncall?: string;
  readonly environment?: string;
  readonly tier?: string;
  readonly protected: boolean;
  readonly status: "active" | "draft";
  readonly class?: WorkloadClass;
  /** The roles it names exactly; those it names by a pattern are in `selectors` only. */
  readonly roles: readonly RoleArn[];
  /** Selectors as written, `kind` first; those that no resolver reads yet are kept, and named to the user. */
  readonly selectors: readonly Selector[];
  /** Source identities of its sessions beside its name and its owner; a `*` at the end stands for the rest. Absent is none. */
  readonly sourceIdentities?: readonly string[];
  readonly envelope: Envelope;
  /** Task-scoped, short-lived rights on top of the envelope. Absent is none. */
  readonly grants?: readonly Grant[];
  readonly response: Response;
  /** File and line of the manifest, for messages. */
  readonly where: string;
  /** SHA-256 of the manifest's canonical JSON, its profile merged in: what a standing approval was given for. */
  readonly hash?: string;
}

/** What a workload is declared to need. An absent part is not limited by that part. */
export interface Envelope {
  readonly regions?: readonly string[];
  readonly models?: readonly string[];
  readonly secrets?: readonly string[];
  readonly accelerators?: Accelerators;
  readonly statements: readonly JsonObject[];
  readonly session?: { readonly maxSeconds: number };
  readonly chain?: { readonly maxHops?: number; readonly maxHours?: number };
  readonly origin?: { readonly vpcEndpoints?: readonly string[]; readonly cidrs?: readonly string[] };
  /** `agent:<name>` or `gateway:<name>`. */
  readonly mayInvoke?: readonly string[];
}

export interface Accelerators {
  readonly families: readonly string[];
  readonly maxInstances?: number;
  readonly maxHourlyUsd?: number;
}

/** Statements allowed in [from, until); what they allow is drift before and after. */
export interface Grant {
  readonly id: string;
  readonly statements: readonly JsonObject[];
  readonly from: Instant;
  readonly until: Instant;
  readonly approvedBy: string;
  readonly ticket?: string;
}

export interface Response {
  readonly contain: "automatic" | "approval" | "never";
  /** A standing approval to release automatic containments of this workload after so many milliseconds. */
  readonly release?: { readonly after: number };
  /** Names of Approver documents, or of groups the identity provider knows. */
  readonly approvers?: readonly string[];
}

/** A manifest that names a thing, and whether it does so exactly: by an ARN or id that only this thing has. */
export interface Naming {
  readonly manifest: Workload;
  readonly exact: boolean;
}

/** Every declared workload, found by name or by what identifies it. */
export interface Registry {
  readonly workloads: readonly Workload[];
  /** Changes that were announced before they were applied. Absent is none. */
  readonly changes?: readonly Change[];
  /** What deployments declare to be theirs. Absent is none. */
  readonly deployments?: readonly { readonly name: string; readonly accounts?: readonly string[] }[];
  named(name: string): Workload | undefined;
  /** The one active manifest that names this role, exactly or by a trailing `*` in the name. */
  byRole(role: string): Workload | undefined;
  byFunction(functionArn: string): Workload | undefined;
  /** The one active manifest that a selector of this kind names by one of these values, the first that is named. */
  selecting(kind: SelectorKey, values: readonly string[]): Naming | undefined;
}
