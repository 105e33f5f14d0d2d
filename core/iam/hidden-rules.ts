import { type Glob, globOf, matchesGlob } from "./glob.ts";

/** What AWS decides without any policy saying so. */
export interface HiddenRule {
  readonly id: string;
  /**
   * `free`: allowed to everyone who is signed in, whatever policies say; `granted`: allowed unless a policy denies it;
   * `refused`: refused whatever policies allow; `resource-policy`: identity policies alone never suffice.
   */
  readonly effect: "free" | "granted" | "refused" | "resource-policy";
  /** Action patterns, in lower case, and those left out again. */
  readonly actions: readonly string[];
  readonly except?: readonly string[];
  readonly resources: readonly string[];
  readonly because: string;
  readonly source: string;
}

const guide = "https://docs.aws.amazon.com/IAM/latest/UserGuide";
const reads = ["iam:get*", "iam:list*", "iam:generate*", "iam:simulate*"] as const;

export const hiddenRules: readonly HiddenRule[] = [
  {
    id: "caller-identity-is-free",
    effect: "free",
    actions: ["sts:getcalleridentity"],
    resources: ["*"],
    because: "everyone may ask who they are, even where a policy denies it",
    source: "https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html",
  },
  {
    id: "session-token-needs-no-grant",
    effect: "granted",
    actions: ["sts:getsessiontoken"],
    resources: ["*"],
    because: "a user needs no permission to get a session token",
    source: "https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html",
  },
  {
    id: "reserved-role-is-protected",
    effect: "refused",
    actions: ["iam:*"],
    except: reads,
    resources: ["arn:*:iam::*:role/aws-reserved/*"],
    because: "roles under /aws-reserved/ are changed by IAM Identity Center only",
    source: "https://docs.aws.amazon.com/singlesignon/latest/userguide/using-service-linked-roles.html",
  },
  {
    id: "aws-managed-policy-is-protected",
    effect: "refused",
    actions: ["iam:*"],
    except: reads,
    resources: ["arn:*:iam::aws:policy/*"],
    because: "AWS-managed policies are changed by AWS only",
    source: `${guide}/access_policies_managed-vs-inline.html`,
  },
  {
    id: "service-linked-role-is-protected",
    effect: "refused",
    actions: [
      "iam:attachrolepolicy",
      "iam:detachrolepolicy",
      "iam:putrolepolicy",
      "iam:deleterolepolicy",
      "iam:updateassumerolepolicy",
      "iam:deleterole",
      "iam:putrolepermissionsboundary",
      "iam:deleterolepermissionsboundary",
    ],
    resources: ["arn:*:iam::*:role/aws-service-role/*"],
    because: "a service-linked role is changed by its service only",
    source: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachRolePolicy.html (UnmodifiableEntity)",
  },
  {
    id: "aws-alias-is-protected",
    effect: "refused",
    actions: ["kms:createalias", "kms:updatealias", "kms:deletealias"],
    resources: ["arn:*:kms:*:*:alias/aws/*"],
    because: "alias names that begin with aws/ belong to AWS",
    source: "https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html",
  },
  {
    id: "key-policy-decides",
    effect: "resource-policy",
    actions: ["kms:*"],
    resources: ["arn:*:kms:*:*:key/*"],
    because: "a KMS key can be used only where its key policy lets the caller, or the caller's account, in",
    source: "https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html",
  },
];

interface Compiled {
  readonly rule: HiddenRule;
  readonly actions: readonly Glob[];
  readonly except: readonly Glob[];
  readonly resources: readonly Glob[];
}

const compiled: readonly Compiled[] = hiddenRules.map((rule) => ({
  rule,
  actions: rule.actions.map(globOf),
  except: (rule.except ?? []).map(globOf),
  resources: rule.resources.map(globOf),
}));

/** The rule of this effect that decides about an action (any case) on a resource, if one does. */
export function hiddenRule(effect: HiddenRule["effect"], action: string, resource: string): HiddenRule | undefined {
  const name = action.toLowerCase();
  return compiled.find(
    ({ rule, actions, except, resources }) =>
      rule.effect === effect &&
      actions.some((glob) => matchesGlob(glob, name)) &&
      !except.some((glob) => matchesGlob(glob, name)) &&
      resources.some((glob) => matchesGlob(glob, resource)),
  )?.rule;
}
