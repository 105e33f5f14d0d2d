/** The services that name the sessions of what they run in a way of their own. */
export type SessionConvention =
  | "agentcore"
  | "codebuild"
  | "ec2"
  | "ecs"
  | "eks"
  | "glue"
  | "lambda-service"
  | "sagemaker";

/**
 * Whose sessions are named like this; seen in records, and documented for EC2 only. Anybody who may assume a role can
 * choose such a name: by itself it is a guess.
 */
export function conventionOf(sessionName: string): SessionConvention | undefined {
  return conventions.find(([, form]) => form.test(sessionName))?.[0];
}

/** The id of the build, task or session in such a name; the name itself where it is nothing else. */
export const idIn = (sessionName: string): string => sessionName.replace(/^(?:AWSCodeBuild|BedrockAgentCore)-/, "");

const conventions: readonly (readonly [SessionConvention, RegExp])[] = [
  ["agentcore", /^BedrockAgentCore-[\w-]{1,100}$/],
  ["codebuild", /^AWSCodeBuild-[0-9a-f-]{36}$/],
  ["ec2", /^i-[0-9a-f]{8,17}$/],
  ["ecs", /^[0-9a-f]{32}$/],
  ["eks", /^eks-[^/]{1,64}-[0-9a-f-]{36}$/],
  ["glue", /^GlueJobRunnerSession$/],
  ["lambda-service", /^awslambda_\d+_\d+$/],
  ["sagemaker", /^SageMaker$/],
];
