import { type Template, templatesOf } from "./templates.ts";

const filter =
  '{"maxResults":1000,"filterSet":{"items":[{"name":"tag:team","valueSet":{"items":[{"value":"~role~"}]}},{"name":"tag:kubernetes.io/cluster/gpu-prod","valueSet":{"items":[{"value":"owned"},{"value":"shared"}]}},{"name":"vpc-id","valueSet":{"items":[{"value":"~vpc~"}]}}]}}';
const few = '{"maxResults":100,"nextToken":"~token~"}';

/** Instances, clusters, functions, queues, logs and metrics: the describing that never stops. */
export const platformTemplates: readonly Template[] = [
  ...templatesOf("ec2", [
    {
      names: "DescribeInstances",
      weight: 50,
      request:
        '{"instancesSet":{"items":[{"instanceId":"~instance~"},{"instanceId":"~instance2~"},{"instanceId":"~instance3~"},{"instanceId":"~instance4~"},{"instanceId":"~instance5~"},{"instanceId":"~instance6~"}]},"filterSet":{}}',
    },
    { names: "DescribeInstanceStatus DescribeInstanceTypes DescribeTags DescribeVolumes", weight: 10, request: filter },
    {
      names:
        "DescribeSubnets DescribeSecurityGroups DescribeNetworkInterfaces DescribeImages DescribeLaunchTemplateVersions DescribeInstanceTypeOfferings DescribeSpotPriceHistory DescribeAvailabilityZones",
      weight: 4,
      request: filter,
    },
    {
      names:
        "DescribeVpcs DescribeRouteTables DescribeSnapshots DescribeKeyPairs DescribeAddresses DescribeInternetGateways DescribeNatGateways DescribeVpcEndpoints DescribeVpcPeeringConnections DescribeNetworkAcls DescribeLaunchTemplates DescribePlacementGroups DescribeCapacityReservations DescribeCapacityBlockOfferings DescribeSpotInstanceRequests DescribeFleets DescribeReservedInstances DescribeRegions DescribeAccountAttributes DescribeVolumesModifications DescribeFlowLogs DescribeTransitGateways DescribeInstanceAttribute DescribeImageAttribute DescribeHosts DescribeVolumeStatus DescribeIamInstanceProfileAssociations DescribePrefixLists DescribeManagedPrefixLists DescribeSecurityGroupRules",
      request: filter,
    },
  ]),
  ...templatesOf("autoscaling", [
    {
      names: "DescribeAutoScalingGroups",
      weight: 14,
      request: '{"autoScalingGroupNames":["~item~"],"maxRecords":100}',
    },
    {
      names:
        "DescribeAutoScalingInstances DescribeScalingActivities DescribeLaunchConfigurations DescribePolicies DescribeLifecycleHooks DescribeTags DescribeWarmPool",
      weight: 2,
      request: '{"maxRecords":100,"autoScalingGroupName":"~item~"}',
    },
  ]),
  ...templatesOf("elasticloadbalancing", [
    {
      names:
        "DescribeLoadBalancers DescribeTargetGroups DescribeTargetHealth DescribeListeners DescribeRules DescribeLoadBalancerAttributes DescribeTargetGroupAttributes",
      weight: 2,
      request: '{"names":["~item~"],"pageSize":400}',
    },
  ]),
  ...templatesOf("eks", [
    {
      names:
        "DescribeCluster ListNodegroups DescribeNodegroup ListClusters ListAddons DescribeAddon ListPodIdentityAssociations ListAccessEntries ListFargateProfiles DescribeUpdate",
      weight: 2,
      request: '{"name":"gpu-prod"}',
    },
  ]),
  ...templatesOf("ecs", [
    { names: "DescribeTasks DescribeServices", weight: 8, request: '{"cluster":"serving","tasks":["~hex~"]}' },
    {
      names: "ListTasks ListServices DescribeTaskDefinition ListClusters DescribeClusters DescribeContainerInstances",
      weight: 2,
      request: '{"cluster":"serving","maxResults":100,"taskDefinition":"~item~:7"}',
    },
    {
      names: "SubmitTaskStateChange SubmitContainerStateChange",
      weight: 2,
      effect: "write",
      request: '{"cluster":"serving","task":"arn:aws:ecs:~region~:~account~:task/serving/~hex~","status":"RUNNING"}',
      response: '{"acknowledgment":"~uuid~"}',
    },
  ]),
  ...templatesOf("ecr", [
    { names: "GetAuthorizationToken", weight: 8 },
    {
      names: "BatchGetImage GetDownloadUrlForLayer BatchCheckLayerAvailability",
      weight: 6,
      request: '{"registryId":"~account~","repositoryName":"~role~","imageIds":[{"imageDigest":"sha256:~hex~~hex2~"}]}',
      resources: '[{"accountId":"~account~","ARN":"arn:aws:ecr:~region~:~account~:repository/~role~"}]',
    },
    {
      names: "DescribeRepositories DescribeImages ListImages GetLifecyclePolicy",
      request: '{"repositoryName":"~role~"}',
    },
  ]),
  ...templatesOf("lambda", [
    {
      names:
        "GetFunction20150331v2 GetFunctionConfiguration20150331v2 GetPolicy20150331v2 ListAliases20150331 ListVersionsByFunction20150331 ListTags20170331",
      weight: 2,
      request: '{"functionName":"arn:aws:lambda:~region~:~account~:function:~function~"}',
    },
    { names: "ListFunctions20150331 ListEventSourceMappings20150331 ListLayers20181031", request: '{"maxItems":50}' },
  ]),
  ...templatesOf("logs", [
    {
      names: "CreateLogStream",
      weight: 40,
      effect: "write",
      request: '{"logGroupName":"~log~","logStreamName":"~stream~"}',
      apiVersion: "20140328",
    },
    {
      names: "DescribeLogGroups DescribeLogStreams FilterLogEvents GetLogEvents StartQuery GetQueryResults",
      weight: 3,
      request: '{"logGroupName":"~log~","limit":50}',
      apiVersion: "20140328",
    },
  ]),
  ...templatesOf("monitoring", [
    {
      names: "DescribeAlarms GetMetricData ListMetrics GetMetricStatistics DescribeAlarmsForMetric",
      weight: 3,
      request:
        '{"maxRecords":100,"alarmNamePrefix":"~role~","namespace":"AWS/SageMaker","metricName":"GPUUtilization"}',
    },
  ]),
  ...templatesOf("sqs", [
    { names: "GetQueueAttributes ListQueues GetQueueUrl", weight: 2, request: '{"queueName":"~item~"}' },
  ]),
  ...templatesOf("sns", [{ names: "ListTopics GetTopicAttributes ListSubscriptions", request: few }]),
  ...templatesOf("states", [
    { names: "DescribeExecution GetExecutionHistory ListExecutions DescribeStateMachine", weight: 2, request: few },
  ]),
  ...templatesOf("cloudformation", [
    {
      names:
        "DescribeStacks ListStacks DescribeStackEvents DescribeStackResources GetTemplate ListChangeSets DescribeChangeSet",
      request: '{"stackName":"~role~-~item~"}',
    },
  ]),
  ...templatesOf("rds", [{ names: "DescribeDBInstances DescribeDBClusters ListTagsForResource", request: few }]),
  ...templatesOf("events", [{ names: "ListRules DescribeRule ListTargetsByRule ListEventBuses", request: few }]),
  ...templatesOf("tagging", [{ names: "GetResources GetTagKeys GetTagValues", request: few }]),
  ...templatesOf("servicequotas", [{ names: "ListServiceQuotas GetServiceQuota", request: '{"serviceCode":"ec2"}' }]),
];
