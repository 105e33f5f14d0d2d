import type { ApiCall } from "../../event/event.ts";
import { at, fields, isObject, list, text } from "../../event/json.ts";
import { isEverywhere } from "../exposure/opened-port.ts";
import { isFalse, isTrue, type Said, type WatchRow, when } from "../watch/watch-row.ts";

const page = (reference: string, name: string) => `https://docs.aws.amazon.com/${reference}/API_${name}.html` as const;
const ec2 = (name: string) => page("AWSEC2/latest/APIReference", name);
const s3 = (name: string) => page("AmazonS3/latest/API", name);

/** What keeps data, disks and machines from the public by default, and the calls that take it off. */
export const safeguardRows: readonly WatchRow[] = [
  {
    api: "ec2:DisableEbsEncryptionByDefault",
    did: "New disks are no longer encrypted by default in a Region",
    tried: "have new disks not encrypted by default",
    severity: "medium",
    named: [],
    source: ec2("DisableEbsEncryptionByDefault"),
  },
  {
    api: "ec2:DisableImageBlockPublicAccess",
    did: "AMIs of a Region may be made public again",
    tried: "let AMIs be made public",
    severity: "medium",
    named: [],
    source: ec2("DisableImageBlockPublicAccess"),
  },
  {
    api: "ec2:DisableSnapshotBlockPublicAccess",
    did: "Snapshots of a Region may be made public again",
    tried: "let snapshots be made public",
    severity: "medium",
    named: [],
    source: ec2("DisableSnapshotBlockPublicAccess"),
  },
  {
    api: "ec2:ModifyInstanceMetadataOptions",
    did: "Machine {} gives its role's credentials to whoever asks once, without a token",
    tried: "have a machine give its role's credentials without a token",
    severity: "low",
    named: ["ModifyInstanceMetadataOptionsRequest.InstanceId", "instanceId"],
    as: "ec2:instance/",
    says: withoutToken,
    source: ec2("ModifyInstanceMetadataOptions"),
  },
  {
    api: "ec2:ModifyInstanceMetadataDefaults",
    did: "New machines of a Region give their roles' credentials to whoever asks once, without a token",
    tried: "have new machines give their roles' credentials without a token",
    severity: "medium",
    named: [],
    says: withoutToken,
    source: ec2("ModifyInstanceMetadataDefaults"),
  },
  {
    api: "s3:PutAccountPublicAccessBlock",
    did: "Buckets of the whole account may be opened to the public again",
    tried: "let buckets of the whole account be opened to the public",
    severity: "medium",
    named: [],
    says: unblocked,
    source: "https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_PutPublicAccessBlock.html",
  },
  {
    api: "s3:DeleteAccountPublicAccessBlock",
    did: "Buckets of the whole account may be opened to the public again",
    tried: "let buckets of the whole account be opened to the public",
    severity: "medium",
    named: [],
    source: "https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_DeletePublicAccessBlock.html",
  },
  {
    api: "s3:PutBucketPublicAccessBlock",
    did: "Bucket {} may be opened to the public again",
    tried: "let a bucket be opened to the public",
    severity: "low",
    named: ["bucketName"],
    as: "s3:",
    says: unblocked,
    source: s3("PutPublicAccessBlock"),
  },
  {
    api: "s3:DeleteBucketPublicAccessBlock",
    did: "Bucket {} may be opened to the public again",
    tried: "let a bucket be opened to the public",
    severity: "low",
    named: ["bucketName"],
    as: "s3:",
    source: s3("DeletePublicAccessBlock"),
  },
  {
    api: "s3:DeleteBucketEncryption",
    did: "Bucket {} no longer encrypts with a key of its own choice",
    tried: "have a bucket encrypt with no key of its own choice",
    severity: "low",
    named: ["bucketName"],
    as: "s3:",
    source: s3("DeleteBucketEncryption"),
  },
  {
    api: "kms:DisableKeyRotation",
    did: "A key is no longer rotated: {}",
    tried: "have a key no longer rotated",
    severity: "low",
    named: ["keyId"],
    as: "kms:key/",
    source: page("kms/latest/APIReference", "DisableKeyRotation"),
  },
  ...(["ModifyDBInstance", "CreateDBInstance"] as const).map(
    (name): WatchRow => ({
      api: `rds:${name}`,
      did: "Database {} has an address that the internet can reach",
      tried: "give a database an address that the internet can reach",
      severity: name === "ModifyDBInstance" ? "medium" : "low",
      named: ["dBInstanceIdentifier"],
      as: "rds:db:",
      says: when("publiclyAccessible", isTrue),
      source: page("AmazonRDS/latest/APIReference", name),
    }),
  ),
  {
    api: "redshift:ModifyCluster",
    did: "Data warehouse {} has an address that the internet can reach",
    tried: "give a data warehouse an address that the internet can reach",
    severity: "medium",
    named: ["clusterIdentifier"],
    as: "redshift:cluster:",
    says: when("publiclyAccessible", isTrue),
    source: page("redshift/latest/APIReference", "ModifyCluster"),
  },
  {
    api: "eks:UpdateClusterConfig",
    did: "The control plane of cluster {} can be reached from everywhere",
    tried: "open the control plane of a cluster to everywhere",
    severity: "low",
    named: ["name"],
    as: "eks:cluster/",
    says: (call) => {
      const path = "resourcesVpcConfig.publicAccessCidrs";
      const all = list(at(call.request, "resourcesVpcConfig", "publicAccessCidrs")).map(text);
      return all.some(isEverywhere) ? { path: `requestParameters.${path}`, value: all } : undefined;
    },
    source: page("eks/latest/APIReference", "UpdateClusterConfig"),
  },
  ...(["CreateFunctionUrlConfig", "UpdateFunctionUrlConfig"] as const).map(
    (name): WatchRow => ({
      api: `lambda:${name}`,
      did: "Function {} asks nobody who they are who call its URL",
      tried: "have a function ask nobody who they are who call its URL",
      severity: "low",
      named: ["functionName"],
      as: "lambda:function:",
      says: when("authType", (value) => value === "NONE"),
      source: page("lambda/latest/api", name),
    }),
  ),
];

function withoutToken(call: ApiCall): Said | undefined {
  const bodies = [call.request, ...Object.values(call.request).filter(isObject).map(fields)];
  const optional = bodies.some((one) => one["httpTokens"] === "optional" || one["HttpTokens"] === "optional");
  return optional ? { path: "requestParameters.httpTokens", value: "optional" } : undefined;
}

const parts = ["BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"];

/** The call replaces all four parts: one that is off or left out protects no more (S3 API, "PublicAccessBlockConfiguration"). */
function unblocked(call: ApiCall): Said | undefined {
  const path = "PublicAccessBlockConfiguration";
  const set = at(call.request, path);
  if (!isObject(set)) return undefined;
  return parts.some((part) => isFalse(set[part] ?? false))
    ? { path: `requestParameters.${path}`, value: set }
    : undefined;
}
