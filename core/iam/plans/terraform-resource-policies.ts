import { permissionDocument } from "../account/lambda-permission.ts";
import { afterApply, type HolderKey, type Said } from "./planned-access.ts";
import { documentIn, type ReadsView, textOf, type View, withDocument } from "./terraform-view.ts";

/** A resource's own policy: the argument with the document, and those that name the resource, the best first. */
const resourcePolicy =
  (argument: string, ...names: readonly string[]) =>
  (view: View): readonly Said[] => {
    const texts = names.flatMap((name) => textOf(view, name) ?? []);
    const [target] = names.flatMap((name) => (view.isOpen(name) ? view.referred(name) : []));
    const key: HolderKey = `resource ${texts[0] ?? target?.address ?? view.change.address}`;
    return withDocument(documentIn(view, argument), key, (document) => ({
      kind: "resource-policy",
      holder: key,
      document,
    }));
  };

function lambdaPermission(view: View): readonly Said[] {
  const of = (name: string): string | undefined => textOf(view, name);
  const [target] = view.isOpen("function_name") ? view.referred("function_name") : [];
  const name = of("function_name") ?? target?.address ?? view.change.address;
  const document = permissionDocument({
    principal: of("principal"),
    action: of("action"),
    sourceArn: of("source_arn") ?? (view.isOpen("source_arn") ? afterApply : undefined),
    sourceAccount: of("source_account"),
    organization: of("principal_org_id"),
    urlAuthType: of("function_url_auth_type"),
  });
  return [{ kind: "resource-policy", holder: `resource ${name}`, document }];
}

/** Resource types of Terraform's AWS provider that carry a resource's own policy. */
export const resourcePolicyReaders: Readonly<Record<string, ReadsView>> = {
  aws_s3_bucket_policy: resourcePolicy("policy", "bucket"),
  aws_s3_bucket: resourcePolicy("policy", "bucket"),
  aws_kms_key: resourcePolicy("policy", "arn"),
  aws_kms_key_policy: resourcePolicy("policy", "key_id"),
  aws_secretsmanager_secret: resourcePolicy("policy", "arn", "name"),
  aws_secretsmanager_secret_policy: resourcePolicy("policy", "secret_arn"),
  aws_sqs_queue: resourcePolicy("policy", "arn", "name"),
  aws_sqs_queue_policy: resourcePolicy("policy", "queue_url"),
  aws_sns_topic: resourcePolicy("policy", "arn", "name"),
  aws_sns_topic_policy: resourcePolicy("policy", "arn"),
  aws_ecr_repository_policy: resourcePolicy("policy", "repository"),
  aws_dynamodb_resource_policy: resourcePolicy("policy", "resource_arn"),
  aws_efs_file_system_policy: resourcePolicy("policy", "file_system_id"),
  aws_glue_resource_policy: resourcePolicy("policy"),
  aws_backup_vault_policy: resourcePolicy("policy", "backup_vault_name"),
  aws_opensearch_domain_policy: resourcePolicy("access_policies", "domain_name"),
  aws_cloudwatch_event_bus_policy: resourcePolicy("policy", "event_bus_name"),
  aws_lambda_permission: lambdaPermission,
};
