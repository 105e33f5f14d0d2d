import type { AwsCall } from "../../core/flow/aws-call.ts";

const resource = "arn:{partition}:lambda:{region}:{account}:function:*";

const call = <const Name extends string>(name: Name, access: "read" | "write", why: string) => ({
  api: `lambda:${name}` as const,
  resource,
  condition: {},
  access,
  why,
  rights: [{ action: `lambda:${name}` as const, resource, condition: {} }],
});

/** The calls of `lambda-slots.ts`. */
export const calls = [
  call("GetFunctionConcurrency", "read", "to see whether a function is halted"),
  call("PutFunctionConcurrency", "write", "to halt a function, and to give it back what was reserved for it"),
  call("DeleteFunctionConcurrency", "write", "to let a function run again that had nothing reserved"),
] as const satisfies readonly AwsCall[];
