import type { Resolver } from "./resolver.ts";
import { awsService } from "./resolvers/aws-service.ts";
import { declaredRole } from "./resolvers/declared-role.ts";
import { ec2Instance } from "./resolvers/ec2-instance.ts";
import { foreignAccount } from "./resolvers/foreign-account.ts";
import { lambdaFunction } from "./resolvers/lambda-function.ts";
import { rootUser } from "./resolvers/root-user.ts";
import { webIdentity } from "./resolvers/web-identity.ts";

/** Every way the product knows to name whoever holds a credential. The order does not matter. */
export const resolvers: readonly Resolver[] = [
  awsService,
  declaredRole,
  ec2Instance,
  foreignAccount,
  lambdaFunction,
  rootUser,
  webIdentity,
];
