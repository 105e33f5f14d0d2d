/**
 * Services with one endpoint for a whole partition: their records name the Region where AWS keeps that endpoint, which says
 * nothing about where the caller works. By IAM prefix, which is CloudTrail's event source for all of them. Sources:
 * https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/global-services.html and
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_examples_general.html
 * STS is among them: its global endpoint serves every Region, and a session from any Region's endpoint is good in all.
 */
export const globalServices: ReadonlySet<string> = new Set([
  "account",
  "artifact",
  "aws-portal",
  "billing",
  "budgets",
  "ce",
  "cloudfront",
  "consolidatedbilling",
  "cur",
  "freetier",
  "globalaccelerator",
  "health",
  "iam",
  "importexport",
  "invoicing",
  "networkmanager",
  "organizations",
  "payments",
  "pricing",
  "route53",
  "route53-recovery-cluster",
  "route53-recovery-control-config",
  "route53-recovery-readiness",
  "route53domains",
  "shield",
  "signin",
  "sts",
  "support",
  "supportplans",
  "tax",
  "trustedadvisor",
  "waf",
]);

/** Actions of Regional services that answer for the whole account, whichever Region is asked; from the same pages. */
export const globalActions: ReadonlySet<string> = new Set([
  "ec2:DescribeRegions",
  "s3:GetAccountPublicAccessBlock",
  "s3:ListAllMyBuckets",
  "s3:PutAccountPublicAccessBlock",
]);

/** Whether an action, in the action table's spelling, is bound to no Region. */
export const isGlobal = (action: string): boolean =>
  globalActions.has(action) || globalServices.has(action.slice(0, Math.max(0, action.indexOf(":"))));
