import { type Template, templatesOf } from "./templates.ts";

const invocation = '{"modelId":"~model~","contentType":"application/json","accept":"application/json"}';
const model = '[{"type":"AWS::Bedrock::Model","ARN":"arn:aws:bedrock:~region~::foundation-model/~model~"}]';
const tokens = '{"inputTokens":~number~,"outputTokens":~number2~,"inferenceRegion":"~region~"}';

/** Models, agents, training jobs and vector stores. */
export const aiTemplates: readonly Template[] = [
  ...templatesOf("bedrock", [
    {
      names: "InvokeModel",
      weight: 70,
      request: invocation,
      additional: tokens,
      resources: model,
    },
    { names: "InvokeModelWithResponseStream", weight: 30, request: invocation, additional: tokens, resources: model },
    { names: "Converse", weight: 25, request: '{"modelId":"~model~"}', additional: tokens, resources: model },
    { names: "ConverseStream", weight: 15, request: '{"modelId":"~model~"}', additional: tokens, resources: model },
    {
      names: "ApplyGuardrail",
      weight: 8,
      request: '{"guardrailIdentifier":"gr~host~support","guardrailVersion":"3","source":"INPUT"}',
    },
    {
      names: "Retrieve RetrieveAndGenerate InvokeAgent",
      weight: 8,
      category: "data",
      request:
        '{"knowledgeBaseId":"KB~number~","retrievalQuery":"HIDDEN_DUE_TO_SECURITY_REASONS","retrievalConfiguration":{"vectorSearchConfiguration":{"numberOfResults":8,"overrideSearchType":"HYBRID"}}}',
    },
    {
      names:
        "ListFoundationModels GetFoundationModel ListInferenceProfiles GetInferenceProfile ListGuardrails GetGuardrail GetModelInvocationLoggingConfiguration ListCustomModels ListProvisionedModelThroughputs GetProvisionedModelThroughput ListModelInvocationJobs ListAgents GetAgent ListKnowledgeBases GetKnowledgeBase GetFoundationModelAvailability",
      weight: 1,
      request: '{"maxResults":100}',
    },
  ]),
  ...templatesOf("sagemaker", [
    { names: "DescribeTrainingJob", weight: 20, request: '{"trainingJobName":"~role~-~item~"}' },
    {
      names: "DescribeEndpoint DescribeModel DescribePipelineExecution",
      weight: 5,
      request: '{"name":"~role~-~item~"}',
    },
    {
      names:
        "ListTrainingJobs ListEndpoints ListModels ListNotebookInstances DescribeEndpointConfig ListProcessingJobs DescribeProcessingJob ListPipelines ListExperiments DescribeDomain ListDomains ListClusters DescribeCluster ListClusterNodes ListHubContents Search",
      weight: 1,
      request: '{"maxResults":100,"sortBy":"CreationTime","sortOrder":"Descending"}',
    },
    {
      names: "InvokeEndpoint",
      weight: 10,
      category: "data",
      request: '{"endpointName":"~role~-~item~","contentType":"application/json","accept":"application/json"}',
    },
    {
      names: "BatchPutMetrics UpdateTrial AddAssociation",
      weight: 2,
      effect: "write",
      request: '{"trialComponentName":"~role~-~item~-~hex~"}',
    },
  ]),
  ...templatesOf("aoss", [
    { names: "BatchGetCollection ListCollections ListVpcEndpoints GetSecurityPolicy", request: '{"names":["~item~"]}' },
  ]),
  ...templatesOf("s3vectors", [
    {
      names: "QueryVectors GetVectors ListVectors",
      weight: 5,
      category: "data",
      request:
        '{"vectorBucketName":"~bucket~","indexName":"~item~","topK":20,"returnMetadata":true,"returnDistance":true}',
    },
  ]),
  ...templatesOf("glue", [
    {
      names: "GetTable GetPartitions",
      weight: 8,
      request: '{"databaseName":"~role~","name":"~item~","catalogId":"~account~"}',
    },
    {
      names: "GetDatabase GetDatabases GetTables GetJob GetJobRuns GetCrawler GetConnection GetPartition",
      request: '{"databaseName":"~role~","maxResults":100}',
    },
  ]),
  ...templatesOf("athena", [
    { names: "GetQueryExecution GetQueryResults", weight: 4, request: '{"queryExecutionId":"~uuid~"}' },
    {
      names: "StartQueryExecution",
      weight: 2,
      effect: "write",
      request:
        '{"queryString":"HIDDEN_DUE_TO_SECURITY_REASONS","clientRequestToken":"~uuid~","queryExecutionContext":{"database":"~role~"},"workGroup":"primary"}',
      response: '{"queryExecutionId":"~uuid2~"}',
    },
    { names: "ListWorkGroups GetWorkGroup ListDataCatalogs", request: '{"maxResults":50}' },
  ]),
];
