import type { Resolver } from "./resolver.ts";
import { agentcoreRuntime } from "./resolvers/agentcore-runtime.ts";
import { awsService } from "./resolvers/aws-service.ts";
import { bedrockAgent } from "./resolvers/bedrock-agent.ts";
import { bedrockApiKey } from "./resolvers/bedrock-api-key.ts";
import { codebuildBuild } from "./resolvers/codebuild-build.ts";
import { declaredRole } from "./resolvers/declared-role.ts";
import { ec2Instance } from "./resolvers/ec2-instance.ts";
import { ecsTask } from "./resolvers/ecs-task.ts";
import { eksPodIdentity } from "./resolvers/eks-pod-identity.ts";
import { eksServiceAccount } from "./resolvers/eks-service-account.ts";
import { foreignAccount } from "./resolvers/foreign-account.ts";
import { glueJob } from "./resolvers/glue-job.ts";
import { iamUser } from "./resolvers/iam-user.ts";
import { identityCenterPerson } from "./resolvers/identity-center-person.ts";
import { inScope } from "./resolvers/in-scope.ts";
import { lambdaFunction } from "./resolvers/lambda-function.ts";
import { oauthAgent } from "./resolvers/oauth-agent.ts";
import { oidcCi } from "./resolvers/oidc-ci.ts";
import { rolesAnywhere } from "./resolvers/roles-anywhere.ts";
import { rootUser } from "./resolvers/root-user.ts";
import { sagemaker } from "./resolvers/sagemaker.ts";
import { samlPerson } from "./resolvers/saml-person.ts";
import { thirdPartyDelegate } from "./resolvers/third-party-delegate.ts";

/** Every way the product knows to name whoever holds a credential. The order does not matter. */
export const resolvers: readonly Resolver[] = [
  agentcoreRuntime,
  awsService,
  bedrockAgent,
  bedrockApiKey,
  codebuildBuild,
  declaredRole,
  ec2Instance,
  ecsTask,
  eksPodIdentity,
  eksServiceAccount,
  foreignAccount,
  glueJob,
  iamUser,
  identityCenterPerson,
  inScope,
  lambdaFunction,
  oauthAgent,
  oidcCi,
  rolesAnywhere,
  rootUser,
  sagemaker,
  samlPerson,
  thirdPartyDelegate,
];
