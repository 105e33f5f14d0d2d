import { named, namingFunction, namingRole, unqualified } from "../declared.ts";
import type { Resolver } from "../resolver.ts";

export const lambdaFunction: Resolver = {
  id: "lambda-function",
  summary:
    "AWS writes the function that the credentials were issued to into `inScopeOf`; the session name is not used, its caller could choose it.",
  watches: [],
  resolve({ principal, registry }) {
    if (principal.kind !== "assumed-role") return undefined;
    const scope = principal.session.inScopeOf;
    if (scope?.issuerType !== "AWS::Lambda::Function") return undefined;
    const arn = unqualified(scope.credentialsIssuedTo);
    return named(
      {
        kind: "workload",
        id: `lambda:${arn}`,
        class: "asserted",
        because: "AWS wrote the function into userIdentity.inScopeOf",
      },
      namingFunction(registry, arn),
      namingRole(registry, principal.role),
    );
  },
};
