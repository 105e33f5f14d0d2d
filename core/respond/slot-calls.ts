import type { Slot } from "./slot.ts";

/** The calls that a slot takes, as IAM actions, and what bounds them beside their resource. */
export interface SlotCalls {
  readonly reads: readonly string[];
  readonly sets: readonly string[];
  readonly undoes: readonly string[];
  /** The condition without which the call would be too much, or why there is none. */
  readonly leash: string;
}

const noLeash = "none that bounds the content: an approval names the document by its digest";
const byResource = "the resource alone";

/** Each kind's own calls (Service Authorization Reference, the services' pages). */
export const slotCalls: Readonly<Record<Slot["kind"], SlotCalls>> = {
  "attached-policy": {
    reads: ["iam:ListAttachedRolePolicies", "iam:ListAttachedUserPolicies"],
    sets: ["iam:AttachRolePolicy", "iam:AttachUserPolicy"],
    undoes: ["iam:DetachRolePolicy", "iam:DetachUserPolicy"],
    leash: "`iam:PolicyARN` is AWSDenyAll or one of the stack's three",
  },
  boundary: {
    reads: ["iam:GetRole", "iam:GetUser"],
    sets: ["iam:PutRolePermissionsBoundary", "iam:PutUserPermissionsBoundary"],
    undoes: [
      "iam:DeleteRolePermissionsBoundary",
      "iam:DeleteUserPermissionsBoundary",
      "iam:PutRolePermissionsBoundary",
      "iam:PutUserPermissionsBoundary",
    ],
    leash: "`iam:PermissionsBoundary` is AWSDenyAll; for the way back the boundary that was there",
  },
  "inline-policy": {
    reads: ["iam:GetRolePolicy", "iam:GetUserPolicy", "iam:ListRolePolicies", "iam:ListUserPolicies"],
    sets: ["iam:PutRolePolicy", "iam:PutUserPolicy"],
    undoes: ["iam:DeleteRolePolicy", "iam:DeleteUserPolicy"],
    leash: noLeash,
  },
  trust: {
    reads: ["iam:GetRole"],
    sets: ["iam:UpdateAssumeRolePolicy"],
    undoes: ["iam:UpdateAssumeRolePolicy"],
    leash: noLeash,
  },
  tag: {
    reads: ["iam:ListRoleTags", "iam:ListUserTags"],
    sets: ["iam:TagRole", "iam:TagUser"],
    undoes: ["iam:UntagRole", "iam:UntagUser"],
    leash: "`aws:TagKeys` are the markers",
  },
  "access-key": {
    reads: ["iam:ListAccessKeys"],
    sets: ["iam:UpdateAccessKey"],
    undoes: ["iam:UpdateAccessKey"],
    leash: "none for the status: that it is never switched on without an approval is watched",
  },
  "service-credential": {
    reads: ["iam:ListServiceSpecificCredentials"],
    sets: ["iam:UpdateServiceSpecificCredential"],
    undoes: ["iam:UpdateServiceSpecificCredential"],
    leash: "none for the status: that it is never switched on without an approval is watched",
  },
  "ssh-key": {
    reads: ["iam:ListSSHPublicKeys"],
    sets: ["iam:UpdateSSHPublicKey"],
    undoes: ["iam:UpdateSSHPublicKey"],
    leash: byResource,
  },
  "signing-certificate": {
    reads: ["iam:ListSigningCertificates"],
    sets: ["iam:UpdateSigningCertificate"],
    undoes: ["iam:UpdateSigningCertificate"],
    leash: byResource,
  },
  "function-concurrency": {
    reads: ["lambda:GetFunctionConcurrency"],
    sets: ["lambda:PutFunctionConcurrency"],
    undoes: ["lambda:DeleteFunctionConcurrency", "lambda:PutFunctionConcurrency"],
    leash: byResource,
  },
  "instance-profile": {
    reads: ["ec2:DescribeIamInstanceProfileAssociations"],
    sets: ["ec2:DisassociateIamInstanceProfile"],
    undoes: ["ec2:AssociateIamInstanceProfile", "iam:PassRole"],
    leash: "`iam:PassedToService` is EC2, the role one that may be contained",
  },
  "scaling-processes": {
    reads: ["autoscaling:DescribeAutoScalingGroups"],
    sets: ["autoscaling:SuspendProcesses"],
    undoes: ["autoscaling:ResumeProcesses"],
    leash: byResource,
  },
  "scaling-size": {
    reads: ["autoscaling:DescribeAutoScalingGroups"],
    sets: ["autoscaling:UpdateAutoScalingGroup"],
    undoes: ["autoscaling:UpdateAutoScalingGroup"],
    leash: byResource,
  },
  "policy-document": {
    reads: ["iam:GetPolicy", "iam:GetPolicyVersion"],
    sets: [],
    undoes: [],
    leash: byResource,
  },
  "cluster-access": {
    reads: ["eks:DescribeAccessEntry", "eks:ListAssociatedAccessPolicies"],
    sets: ["eks:DeleteAccessEntry"],
    undoes: ["eks:AssociateAccessPolicy", "eks:CreateAccessEntry"],
    leash: byResource,
  },
  "pod-identity": {
    reads: ["eks:DescribePodIdentityAssociation", "eks:ListPodIdentityAssociations"],
    sets: ["eks:DeletePodIdentityAssociation"],
    undoes: ["eks:CreatePodIdentityAssociation", "iam:PassRole"],
    leash: "`iam:PassedToService` is EKS Pod Identity, the role one that may be contained",
  },
  "compute-environment": {
    reads: ["batch:DescribeComputeEnvironments"],
    sets: ["batch:UpdateComputeEnvironment"],
    undoes: ["batch:UpdateComputeEnvironment"],
    leash: byResource,
  },
  run: {
    reads: ["batch:DescribeJobs", "sagemaker:DescribeTrainingJob"],
    sets: ["batch:TerminateJob", "bedrock-agentcore:StopRuntimeSession", "sagemaker:StopTrainingJob"],
    undoes: [],
    leash: byResource,
  },
  "agent-alias": {
    reads: ["bedrock:GetAgentAlias"],
    sets: ["bedrock:UpdateAgentAlias"],
    undoes: ["bedrock:UpdateAgentAlias"],
    leash: byResource,
  },
  "gateway-target": {
    reads: ["bedrock-agentcore:GetGatewayTarget"],
    sets: ["bedrock-agentcore:DeleteGatewayTarget"],
    undoes: ["bedrock-agentcore:CreateGatewayTarget"],
    leash: byResource,
  },
  "credential-provider": {
    reads: ["bedrock-agentcore:GetApiKeyCredentialProvider", "bedrock-agentcore:GetOauth2CredentialProvider"],
    sets: [],
    undoes: [],
    leash: byResource,
  },
};
