import type { ApiCall } from "../event/event.ts";
import type { Instant } from "../event/instant.ts";
import type { Watch } from "../event/watch.ts";

/** What a role was put to work in. */
export type PlacementKind =
  | "agentcore-runtime"
  | "batch-job"
  | "bedrock-agent"
  | "codebuild-project"
  | "ec2-instance"
  | "ecs-task"
  | "eks-association"
  | "glue-job"
  | "instance-profile"
  | "kubernetes-node"
  | "lambda-function"
  | "sagemaker-endpoint"
  | "sagemaker-job"
  | "sagemaker-notebook"
  | "sagemaker-user-profile";

/**
 * One recorded call that put a role to work in a resource, or started a run of it. `iam:PassRole` writes no event, so the
 * role is read out of the call that receives it.
 */
export interface Placement {
  readonly kind: PlacementKind;
  /** The resource's ARN; its name where the record shows no ARN. */
  readonly resource: string;
  readonly role?: string;
  /** The run as its sessions name it: a build, task, job or instance id. */
  readonly run?: string;
  /** What the resource belongs to: an Auto Scaling group, a service, a cluster, an endpoint. */
  readonly group?: string;
  readonly eventID: string;
  /** The field that names the resource. */
  readonly field: string;
  readonly at: Instant;
  readonly account: string;
  readonly region: string;
  /** Who passed the role, as signed. */
  readonly by: string;
}

/** Reads the placements of one AWS service out of its calls. */
export interface PlacementSource {
  readonly id: string;
  readonly watches: Watch;
  placementsOf(call: ApiCall): readonly Placement[];
}

/** What is known of where roles work. */
export interface Placements {
  /** The distinct resources that run with this role, sorted by name. */
  ofRole(role: string): readonly Placement[];
  /** The placement that this run belongs to. */
  ofRun(kind: PlacementKind, account: string, run: string): Placement | undefined;
}

export const noPlacements: Placements = { ofRole: () => [], ofRun: () => undefined };

/** Under which key a run is found again. */
export const runKey = (kind: PlacementKind, account: string, run: string): string => `run ${kind} ${account} ${run}`;

export const runKeyOf = ({ kind, account, run }: Placement): string | undefined =>
  run === undefined ? undefined : runKey(kind, account, run);

/** Of several records that name one run, the one that all orders agree on. */
export const firstPlacement = (found: readonly Placement[]): Placement | undefined =>
  found.toSorted((a, b) => a.at - b.at || (a.eventID < b.eventID ? -1 : 1))[0];
