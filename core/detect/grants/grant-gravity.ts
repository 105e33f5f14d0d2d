import type { ActionTable } from "../../iam/action-table.ts";
import { credentialActions } from "./credential-access.ts";

/** What an action is worth to somebody who should not have it, gravest first. Ways to more rights are judged as paths, not here. */
export type Gravity = (typeof gravities)[number];

export const gravities = ["credential", "data", "change", "look"] as const;

/** Sorts an action, written in any case; what the table does not know counts as a change. */
export function gravityOf(action: string, table: ActionTable): Gravity {
  const lower = action.toLowerCase();
  if (credentials.has(lower)) return "credential";
  const level = table.find(lower)?.level ?? "unknown";
  switch (level) {
    case "read":
      return dataServices.has(lower.slice(0, lower.indexOf(":"))) ? "data" : "look";
    case "write":
      return dataServices.has(lower.slice(0, lower.indexOf(":"))) ? "data" : "change";
    case "list":
      return "look";
    case "permissions":
    case "tagging":
    case "unknown":
      return "change";
  }
}

const credentials: ReadonlySet<string> = new Set(credentialActions.map(({ action }) => action.toLowerCase()));

/** IAM prefixes of services that keep what their users put in, or answer from it: models and their memories among them. */
const dataServices: ReadonlySet<string> = new Set([
  ...["s3", "s3express", "s3-object-lambda", "s3tables", "s3vectors", "s3-outposts", "glacier", "ebs", "backup"],
  ...["elasticfilesystem", "fsx", "storagegateway", "transfer", "dynamodb", "dax", "rds", "rds-data", "redshift"],
  ...["redshift-data", "redshift-serverless", "neptune-db", "neptune-graph", "docdb-elastic", "cassandra", "memorydb"],
  ...["elasticache", "timestream", "dsql", "qldb", "sdb", "athena", "glue", "es", "aoss", "kinesis", "firehose"],
  ...["kafka-cluster", "sqs", "sns", "mq", "logs", "codecommit", "ecr", "codeartifact", "bedrock", "bedrock-mantle"],
  ...["bedrock-agentcore", "sagemaker", "kendra", "qbusiness", "lex", "personalize", "healthlake", "omics"],
  ...["comprehendmedical", "workdocs", "workmail", "ses", "connect", "appflow", "lakeformation", "dms", "datazone"],
]);
