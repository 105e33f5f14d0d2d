import type { ApiCall } from "../../event/event.ts";
import { at, fields, type Json, type JsonObject, list, text } from "../../event/json.ts";
import { accountOf } from "../../iam/arn.ts";
import { type ApiName, asAccountId } from "../../iam/identifiers.ts";

/** With whom a call shares something, as the request says. */
export interface Recipient {
  readonly kind: "everybody" | "account" | "organization";
  /** The account, or what stands for the others. */
  readonly id: string;
  readonly path: string;
}

/** A call that lets others copy, restore, run or read what it names, without a policy document. */
export interface SharingRow {
  readonly api: ApiName;
  /** For titles, as in the middle of a sentence: "disk snapshot". */
  readonly what: string;
  /** Paths of the name in the request, the first that is there. */
  readonly named: readonly string[];
  /** What makes an ARN of the name: service, colon, and what stands before the name. */
  readonly as: string;
  readonly recipients: (call: ApiCall) => readonly Recipient[];
  readonly source: `https://docs.aws.amazon.com/${string}`;
}

/** One thing or a list of them, as XML calls write it. */
const many = (value: Json | undefined): readonly Json[] =>
  Array.isArray(value) ? list(value) : value === undefined || value === null ? [] : [value];

const named = (value: string, path: string): readonly Recipient[] => {
  if (value === "all" || value === "*") return [{ kind: "everybody", id: value, path }];
  const account = asAccountId(value) ?? accountOf(value);
  if (value.includes(":organizations:")) return [{ kind: "organization", id: value, path }];
  return account === undefined ? [] : [{ kind: "account", id: account, path }];
};

/** Values at a path: accounts, ARNs or `all`. */
const valuesAt =
  (...paths: readonly string[]) =>
  ({ request }: ApiCall): readonly Recipient[] =>
    paths.flatMap((path) =>
      many(at(request, ...path.split("."))).flatMap((value) => named(text(value), `requestParameters.${path}`)),
    );

/** EC2's permissions: `{ add: { items: [{ userId }, { group: "all" }, { organizationArn }] } }`. */
const added =
  (parameter: string) =>
  (call: ApiCall): readonly Recipient[] => {
    const path = `requestParameters.${parameter}.add.items`;
    const items = many(at(call.request, parameter, "add", "items")).map(fields);
    const said = ["userId", "group", "organizationArn", "organizationalUnitArn"] as const;
    return [
      ...items.flatMap((one) => said.flatMap((key) => named(text(one[key]), path))),
      ...(call.request["operationType"] === "add" ? valuesAt("userIds.items", "userGroups.items")(call) : []),
    ];
  };

/** The groups that stand for everybody, or for everybody with an account of AWS ("Access control list overview"). */
const isPublicGroup = (uri: string): boolean =>
  uri.endsWith("/groups/global/AllUsers") || uri.endsWith("/groups/global/AuthenticatedUsers");

function throughAcl({ request }: ApiCall): readonly Recipient[] {
  const canned = many(request["x-amz-acl"]).map(text);
  const grants = [
    ...many(at(request, "AccessControlPolicy", "AccessControlList", "Grant")),
    ...many(at(request, "accessControlList", "grant")),
  ].map((one) => fields(fields(one)["Grantee"]));
  const headers = Object.entries(request).filter(([key]) => key.startsWith("x-amz-grant-"));
  const everybody = (path: string, id: string): Recipient => ({ kind: "everybody", id, path });
  return [
    ...canned
      .filter((one) => one.startsWith("public-") || one === "authenticated-read")
      .map((one) => everybody("requestParameters.x-amz-acl", one)),
    ...grants
      .map((one) => text(one["URI"]))
      .filter(isPublicGroup)
      .map((uri) => everybody("requestParameters.AccessControlPolicy", uri)),
    ...headers.flatMap(([key, value]) =>
      text(many(value)[0]).includes("/groups/global/")
        ? [everybody(`requestParameters.${key}`, text(many(value)[0]))]
        : [],
    ),
  ];
}

const inRules =
  (rules: readonly string[], of: (rule: JsonObject) => readonly (Json | undefined)[]) =>
  ({ request }: ApiCall): readonly Recipient[] =>
    many(at(request, ...rules)).flatMap((rule) =>
      of(fields(rule)).flatMap((value) => named(text(value), `requestParameters.${rules.join(".")}`)),
    );

const page = (reference: string, name: string) => `https://docs.aws.amazon.com/${reference}/API_${name}.html` as const;
const ec2 = (name: string) => page("AWSEC2/latest/APIReference", name);
const s3 = (name: string) => page("AmazonS3/latest/API", name);
const rds = (name: string) => page("AmazonRDS/latest/APIReference", name);

/** Every call of this kind, with the AWS page that names its parameters. */
export const sharingRows: readonly SharingRow[] = [
  {
    api: "ec2:ModifyImageAttribute",
    what: "AMI",
    named: ["imageId"],
    as: "ec2:image/",
    recipients: added("launchPermission"),
    source: ec2("ModifyImageAttribute"),
  },
  {
    api: "ec2:ModifySnapshotAttribute",
    what: "disk snapshot",
    named: ["snapshotId"],
    as: "ec2:snapshot/",
    recipients: added("createVolumePermission"),
    source: ec2("ModifySnapshotAttribute"),
  },
  {
    api: "ec2:ModifyFpgaImageAttribute",
    what: "FPGA image",
    named: ["ModifyFpgaImageAttributeRequest.FpgaImageId", "fpgaImageId"],
    as: "ec2:fpga-image/",
    recipients: added("loadPermission"),
    source: ec2("ModifyFpgaImageAttribute"),
  },
  {
    api: "rds:ModifyDBSnapshotAttribute",
    what: "database snapshot",
    named: ["dBSnapshotIdentifier"],
    as: "rds:snapshot:",
    recipients: valuesAt("valuesToAdd"),
    source: rds("ModifyDBSnapshotAttribute"),
  },
  {
    api: "rds:ModifyDBClusterSnapshotAttribute",
    what: "database cluster snapshot",
    named: ["dBClusterSnapshotIdentifier"],
    as: "rds:cluster-snapshot:",
    recipients: valuesAt("valuesToAdd"),
    source: rds("ModifyDBClusterSnapshotAttribute"),
  },
  {
    api: "redshift:AuthorizeSnapshotAccess",
    what: "data warehouse snapshot",
    named: ["snapshotIdentifier"],
    as: "redshift:snapshot:",
    recipients: valuesAt("accountWithRestoreAccess"),
    source: page("redshift/latest/APIReference", "AuthorizeSnapshotAccess"),
  },
  {
    api: "ssm:ModifyDocumentPermission",
    what: "Systems Manager document",
    named: ["name"],
    as: "ssm:document/",
    recipients: valuesAt("accountIdsToAdd"),
    source: page("systems-manager/latest/APIReference", "ModifyDocumentPermission"),
  },
  {
    api: "ecr:PutReplicationConfiguration",
    what: "registry of container images",
    named: [],
    as: "ecr:repository/",
    recipients: inRules(["replicationConfiguration", "rules"], (rule) =>
      many(rule["destinations"]).map((one) => fields(one)["registryId"]),
    ),
    source: page("AmazonECR/latest/APIReference", "PutReplicationConfiguration"),
  },
  {
    api: "s3:PutBucketReplication",
    what: "bucket",
    named: ["bucketName"],
    as: "s3:",
    recipients: inRules(["ReplicationConfiguration", "Rule"], (rule) => [at(rule, "Destination", "Account")]),
    source: s3("PutBucketReplication"),
  },
  {
    api: "s3:PutBucketAcl",
    what: "bucket",
    named: ["bucketName"],
    as: "s3:",
    recipients: throughAcl,
    source: s3("PutBucketAcl"),
  },
  {
    api: "s3:CreateBucket",
    what: "new bucket",
    named: ["bucketName"],
    as: "s3:",
    recipients: throughAcl,
    source: s3("CreateBucket"),
  },
  {
    api: "dynamodb:ExportTableToPointInTime",
    what: "table",
    named: ["tableArn"],
    as: "dynamodb:table/",
    recipients: valuesAt("s3BucketOwner"),
    source: page("amazondynamodb/latest/APIReference", "ExportTableToPointInTime"),
  },
  ...(["CreateResourceShare", "AssociateResourceShare"] as const).map(
    (name): SharingRow => ({
      api: `ram:${name}`,
      what: "share of resources",
      named: ["resourceArns", "resourceShareArn", "name"],
      as: "ram:resource-share/",
      recipients: valuesAt("principals"),
      source: page("ram/latest/APIReference", name),
    }),
  ),
];
