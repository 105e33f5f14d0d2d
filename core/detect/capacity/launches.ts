/**
 * Whether an IAM action starts machines, jobs or models that cost by the hour: what stolen credentials are used for in Regions
 * that nobody looks at.
 */
export const launches = (action: string): boolean => starts.has(action.toLowerCase());

const starts: ReadonlySet<string> = new Set([
  "autoscaling:createautoscalinggroup",
  "autoscaling:updateautoscalinggroup",
  "batch:createcomputeenvironment",
  "batch:submitjob",
  "bedrock:createmodelcustomizationjob",
  "bedrock:createprovisionedmodelthroughput",
  "ec2:createcapacityreservation",
  "ec2:createfleet",
  "ec2:purchasecapacityblock",
  "ec2:requestspotfleet",
  "ec2:requestspotinstances",
  "ec2:runinstances",
  "ecs:createservice",
  "ecs:runtask",
  "eks:createnodegroup",
  "elasticmapreduce:runjobflow",
  "sagemaker:createcluster",
  "sagemaker:createendpoint",
  "sagemaker:createhyperparametertuningjob",
  "sagemaker:createnotebookinstance",
  "sagemaker:createprocessingjob",
  "sagemaker:createtrainingjob",
  "sagemaker:createtransformjob",
]);
