import type { ApiCall } from "../event/event.ts";
import { text } from "../event/json.ts";
import type { Principal } from "../event/principal.ts";
import type { Target } from "./plan.ts";
import type { Holder, Slot } from "./slot.ts";

/** The calls that set each kind of slot, as CloudTrail names them (IAM API and the services' own references). */
const iamCalls = (holder: Holder, role: readonly string[], user: readonly string[]): readonly string[] =>
  (holder.kind === "role" ? role : user).map((name) => `iam:${name}`);

/** Which calls can change what a slot holds. */
export function callsOn(slot: Slot): readonly string[] {
  switch (slot.kind) {
    case "attached-policy":
      return iamCalls(slot.holder, ["AttachRolePolicy", "DetachRolePolicy"], ["AttachUserPolicy", "DetachUserPolicy"]);
    case "boundary":
      return iamCalls(
        slot.holder,
        ["PutRolePermissionsBoundary", "DeleteRolePermissionsBoundary"],
        ["PutUserPermissionsBoundary", "DeleteUserPermissionsBoundary"],
      );
    case "inline-policy":
      return iamCalls(slot.holder, ["PutRolePolicy", "DeleteRolePolicy"], ["PutUserPolicy", "DeleteUserPolicy"]);
    case "tag":
      return iamCalls(slot.holder, ["TagRole", "UntagRole"], ["TagUser", "UntagUser"]);
    case "trust":
      return ["iam:UpdateAssumeRolePolicy"];
    case "access-key":
      return ["iam:UpdateAccessKey", "iam:DeleteAccessKey"];
    case "service-credential":
      return ["iam:UpdateServiceSpecificCredential", "iam:DeleteServiceSpecificCredential"];
    case "ssh-key":
      return ["iam:UpdateSSHPublicKey", "iam:DeleteSSHPublicKey"];
    case "signing-certificate":
      return ["iam:UpdateSigningCertificate", "iam:DeleteSigningCertificate"];
    case "function-concurrency":
      return ["lambda:PutFunctionConcurrency", "lambda:DeleteFunctionConcurrency"];
    case "instance-profile":
      return [
        "ec2:AssociateIamInstanceProfile",
        "ec2:DisassociateIamInstanceProfile",
        "ec2:ReplaceIamInstanceProfileAssociation",
      ];
    case "scaling-processes":
      return ["autoscaling:SuspendProcesses", "autoscaling:ResumeProcesses"];
    case "scaling-size":
      return ["autoscaling:UpdateAutoScalingGroup", "autoscaling:SetDesiredCapacity"];
    case "policy-document":
      return ["iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion", "iam:DeletePolicy"];
    case "cluster-access":
      return [
        "eks:CreateAccessEntry",
        "eks:UpdateAccessEntry",
        "eks:DeleteAccessEntry",
        "eks:AssociateAccessPolicy",
        "eks:DisassociateAccessPolicy",
      ];
    case "pod-identity":
      return [
        "eks:CreatePodIdentityAssociation",
        "eks:UpdatePodIdentityAssociation",
        "eks:DeletePodIdentityAssociation",
      ];
    case "compute-environment":
      return ["batch:UpdateComputeEnvironment"];
    case "run":
      return ["bedrock-agentcore:StopRuntimeSession", "sagemaker:StopTrainingJob", "batch:TerminateJob"];
    case "agent-alias":
      return ["bedrock:UpdateAgentAlias"];
    case "gateway-target":
      return ["CreateGatewayTarget", "UpdateGatewayTarget", "DeleteGatewayTarget"].map(agentCore);
    case "credential-provider":
      return ["ApiKeyCredentialProvider", "Oauth2CredentialProvider"]
        .flatMap((what) => [`Create${what}`, `Update${what}`, `Delete${what}`])
        .map(agentCore);
  }
}

const agentCore = (name: string): string => `bedrock-agentcore:${name}`;

/** Whether a call was about what a slot names: its request has each name, alone or at the end of an ARN. */
export function isOn({ api, request }: ApiCall, slot: Slot): boolean {
  if (!callsOn(slot).includes(api)) return false;
  const asked = Object.values(request).map((value) => lastName(text(value)));
  return namesIn(slot).every((name) => asked.includes(lastName(name)));
}

/** What a request must name; a document, a tag's value or a number is told by the call's name alone. */
function namesIn(slot: Slot): readonly string[] {
  switch (slot.kind) {
    case "attached-policy":
      return [slot.holder.arn, slot.policy];
    case "boundary":
    case "tag":
      return [slot.holder.arn];
    case "inline-policy":
      return [slot.holder.arn, slot.name];
    case "trust":
      return [slot.role];
    case "access-key":
      return [slot.accessKeyId];
    case "service-credential":
      return [slot.credentialId];
    case "ssh-key":
      return [slot.keyId];
    case "signing-certificate":
      return [slot.certificateId];
    case "function-concurrency":
      return [slot.functionArn];
    case "scaling-processes":
    case "scaling-size":
      return [slot.group];
    case "policy-document":
      return [slot.policy];
    case "cluster-access":
      return [slot.cluster, slot.principal];
    case "gateway-target":
      return [slot.gateway];
    case "compute-environment":
      return [slot.arn];
    // Their requests name an association, a session or an alias by an id of its own.
    case "instance-profile":
    case "pod-identity":
    case "run":
    case "agent-alias":
    case "credential-provider":
      return [];
  }
}

const lastName = (name: string): string => name.slice(Math.max(name.lastIndexOf("/"), name.lastIndexOf(":")) + 1);

/** Whether a principal is the one that was contained, by an id that AWS writes and nobody chooses. */
export function isTarget({ id, accessKeyId }: Principal, target: Target): boolean {
  return id === target.id || id?.startsWith(`${target.id}:`) === true || accessKeyId === target.id;
}
