import type { ApiName } from "../../iam/identifiers.ts";

const of = (service: string, ...names: readonly string[]): readonly ApiName[] =>
  names.map((name): ApiName => `${service}:${name}`);

/**
 * Calls that use a model, an agent or an endpoint: what a taken credential is sold for. Names as in the API references of
 * Bedrock (runtime, agents), SageMaker runtime and AgentCore; some are data events, which a trail has only where it is told to.
 */
export const modelUseApis: readonly ApiName[] = [
  ...of("bedrock", "ApplyGuardrail", "Converse", "ConverseStream", "CountTokens", "CreateModelInvocationJob"),
  ...of("bedrock", "InvokeAgent", "InvokeFlow", "InvokeInlineAgent", "InvokeModel"),
  ...of("bedrock", "InvokeModelWithBidirectionalStream", "InvokeModelWithResponseStream", "Rerank", "Retrieve"),
  ...of("bedrock", "RetrieveAndGenerate", "RetrieveAndGenerateStream", "StartAsyncInvoke"),
  ...of("bedrock-agentcore", "InvokeAgentRuntime", "InvokeAgentRuntimeCommand", "InvokeAgentRuntimeForUser"),
  ...of("bedrock-agentcore", "InvokeBrowser", "InvokeCodeInterpreter", "InvokeGateway", "StartBrowserSession"),
  ...of("bedrock-agentcore", "StartCodeInterpreterSession"),
  ...of("sagemaker", "InvokeEndpoint", "InvokeEndpointAsync", "InvokeEndpointWithResponseStream"),
];

/** Calls of agents that hand out tokens for other systems ("AgentCore Identity", data plane). */
export const tokenVendingApis: readonly ApiName[] = of(
  "bedrock-agentcore",
  ...["GetResourceApiKey", "GetResourceOauth2Token", "GetWorkloadAccessToken", "GetWorkloadAccessTokenForJWT"],
  "GetWorkloadAccessTokenForUserId",
);

/** Calls that look around in, or set up, what runs models; a deployment makes them too. */
export const modelAdminApis: readonly ApiName[] = [
  ...of("bedrock", "CreateAgent", "CreateProvisionedModelThroughput", "GetFoundationModelAvailability"),
  ...of("bedrock", "ListFoundationModels", "ListInferenceProfiles", "ListProvisionedModelThroughputs"),
  ...of("bedrock-agentcore", "CreateAgentRuntime", "CreateGateway", "UpdateAgentRuntime"),
  ...of("sagemaker", "CreateEndpoint", "CreateNotebookInstance", "CreatePresignedDomainUrl"),
  ...of("sagemaker", "CreatePresignedNotebookInstanceUrl", "CreateProcessingJob", "CreateTrainingJob"),
  ...of("sagemaker", "CreateTransformJob"),
];
