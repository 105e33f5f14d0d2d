import { parseArn } from "../arn.ts";

/** A permission as `lambda:AddPermission` takes it; absent is not given. */
export interface LambdaPermission {
  readonly principal: string | undefined;
  readonly action: string | undefined;
  readonly sourceArn: string | undefined;
  readonly sourceAccount: string | undefined;
  readonly organization: string | undefined;
  readonly urlAuthType: string | undefined;
}

/** The statement that Lambda makes of a permission, as a policy document (Lambda Developer Guide, "Resource-based policies"). */
export function permissionDocument(permission: LambdaPermission): unknown {
  const { principal = "*", action = "lambda:InvokeFunction" } = permission;
  const condition = {
    ...tests("ArnLike", { "aws:SourceArn": permission.sourceArn }),
    ...tests("StringEquals", {
      "aws:SourceAccount": permission.sourceAccount,
      "aws:PrincipalOrgID": permission.organization,
      "lambda:FunctionUrlAuthType": permission.urlAuthType,
    }),
  };
  const isService = principal.includes(".") && parseArn(principal) === undefined;
  const statement = {
    Effect: "Allow",
    Principal: principal === "*" ? "*" : isService ? { Service: principal } : { AWS: principal },
    Action: action,
    Resource: "*",
    ...(Object.keys(condition).length === 0 ? {} : { Condition: condition }),
  };
  return { Version: "2012-10-17", Statement: [statement] };
}

function tests(operator: string, keys: Readonly<Record<string, string | undefined>>): object {
  const given = Object.entries(keys).filter(([, value]) => value !== undefined);
  return given.length === 0 ? {} : { [operator]: Object.fromEntries(given) };
}
