/**
 * Whether an IAM action takes data out of where it lies, by copying or sharing it, without reading it call by call
 * (MITRE ATT&CK T1537, Transfer Data to Cloud Account).
 */
export const takesAway = (action: string): boolean => taking.has(action.toLowerCase());

const taking: ReadonlySet<string> = new Set([
  "dynamodb:exporttabletopointintime",
  "ec2:createinstanceexporttask",
  "ec2:createstoreimagetask",
  "ec2:exportimage",
  "ec2:modifyimageattribute",
  "ec2:modifysnapshotattribute",
  "ecr:putreplicationconfiguration",
  "ecr:setrepositorypolicy",
  "lambda:addpermission",
  "logs:createexporttask",
  "logs:putsubscriptionfilter",
  "rds:modifydbclustersnapshotattribute",
  "rds:modifydbsnapshotattribute",
  "rds:startexporttask",
  "redshift:authorizesnapshotaccess",
  "s3:putbucketacl",
  "s3:putbucketpolicy",
  "s3:putreplicationconfiguration",
]);
