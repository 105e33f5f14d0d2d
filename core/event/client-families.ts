/** What kind of thing made a call, as far as its user agent says. */
export type ClientCategory = "console" | "browser" | "cli" | "sdk" | "iac" | "agent" | "service" | "unknown";

/** One family of clients, and the words it is known by. */
export interface ClientFamily {
  /** The name within Cordon; no two families share it. */
  readonly client: string;
  /** What may be shown. */
  readonly label: string;
  readonly category: ClientCategory;
  /** Keys of words ({@link Word}); the first that occurs gives the version. */
  readonly marks: readonly string[];
  /** Where the version stands, when it is not the first part of the word's value. */
  readonly versionIn?: "last-part" | "version-word";
}

const agents: readonly ClientFamily[] = [
  // aws/amazon-q-developer-cli pull request 1417: AWS_EXECUTION_ENV of the AWS CLI; `app/` in its own calls.
  family("amazon-q-cli", "Amazon Q CLI", "agent", ["exec-env/amazonq-for-cli", "app/amazonq-for-cli"]),
  // lidge-jun/opencodex issue 972 shows `KiroIDE-…`. `m/AX`: aws/aws-cli pull request 10584, open when read: unverified.
  family("kiro", "Kiro", "agent", ["kiroide", "m/AX"]),
  // awslabs/mcp: `user_agent_extra` of its servers; pull request 1335 shows the form with slashes in a record.
  { ...family("awslabs-mcp", "AWS Labs MCP server", "agent", ["awslabs/mcp", "md/awslabs"]), versionIn: "last-part" },
  // The service principal of AWS's managed MCP server; that it stands in `userAgent` is unverified.
  family("aws-mcp", "AWS MCP Server", "agent", ["aws-mcp.amazonaws.com"]),
  // anthropics/claude-code issue 80191 shows `claude-cli`, coder/coder pull request 22965 `claude-code`, both towards model
  // providers. AWS commands that it runs carry the AWS CLI's own user agent.
  family("claude-code", "Claude Code", "agent", ["claude-cli", "claude-code"]),
  // coder/coder pull request 22965, towards a model provider; in a record of CloudTrail unverified.
  family("codex", "Codex", "agent", ["codex_cli_rs"]),
  // anomalyco/opencode pull request 2753, towards GitHub; in a record of CloudTrail unverified.
  family("github-copilot", "GitHub Copilot", "agent", ["githubcopilotchat", "githubcopilot"]),
  // Unverified: the product word of an Electron application, no record or source read.
  family("cursor", "Cursor", "agent", ["cursor"]),
  // strands-agents/harness-sdk pull request 23: calls to Bedrock.
  family("strands-agents", "Strands Agents", "agent", ["strands-agents"]),
];

const infrastructure: readonly ClientFamily[] = [
  // crossplane-contrib/provider-aws pull request 1243, provider-jet-aws pull request 180 (which also says Terraform).
  family("crossplane", "Crossplane", "iac", ["crossplane-provider-aws", "crossplane-provider-jet-aws"]),
  // pulumi/pulumi-aws pull request 1604 and issue 2190, pulumi-aws-native pull request 54. SST 3 runs on Pulumi and may say so.
  family("pulumi", "Pulumi", "iac", ["pulumi-aws", "pulumiaws", "pulumiawsnative", "pulumi"]),
  // opentofu/opentofu pull request 2955: its S3 backend. Providers run by OpenTofu say Terraform.
  family("opentofu", "OpenTofu", "iac", ["opentofu"]),
  // hashicorp/terraform pull request 9806, terraform-provider-aws issue 8730, terraform-provider-awscc pull request 247.
  family("terraform", "Terraform", "iac", ["terraform", "terraform-provider-aws", "terraform-provider-awscc"]),
  // aws/aws-cdk issue 11 and pull request 17554.
  family("aws-cdk", "AWS CDK", "iac", ["aws-cdk", "cdk-hotswap"]),
  // aws/aws-sam-cli: `user_agent_extra` of its clients.
  family("aws-sam-cli", "AWS SAM CLI", "iac", ["aws-sam-cli"]),
  // Unverified: no source read.
  family("sst", "SST", "iac", ["sst"]),
  // ansible/ansible pull request 39993, ansible-collections/community.aws pull request 1632.
  family("ansible", "Ansible", "iac", ["ansible", "amazon.aws", "community.aws"]),
  // aws/karpenter-provider-aws: WithUserAgent.
  family("karpenter", "Karpenter", "iac", ["karpenter.sh"]),
  // Unverified: the product word, no source read.
  family("eksctl", "eksctl", "iac", ["eksctl"]),
  // CloudTrail user guide, record contents: a service that calls for somebody writes its own name.
  family("cloudformation", "CloudFormation", "iac", ["cloudformation.amazonaws.com"]),
];

const consoles: readonly ClientFamily[] = [
  family("s3-console", "S3 console", "console", ["s3console"]),
  // Also the hosts that the console signs with, which `clientOf` knows by their labels.
  family("aws-console", "AWS console", "console", ["awsconsole", "awslambdaconsole"]),
  // The back end of the console, or a service that acts for a caller: the text does not tell them apart.
  family("aws-internal", "AWS Internal", "console", ["aws-internal"]),
];

const programs: readonly ClientFamily[] = [
  // Unverified: the product word of the agent on instances, no source read.
  family("amazon-ssm-agent", "SSM Agent", "service", ["amazon-ssm-agent"]),
  // aws/aws-cli pull requests 1554 (version 1), 8664 and 9333 (version 2).
  family("aws-cli", "AWS CLI", "cli", ["aws-cli"]),
  // aws/aws-toolkit-vscode issue 36.
  family("aws-toolkit", "AWS Toolkit", "cli", ["aws-toolkit-for-vscode", "aws-toolkit-for-jetbrains"]),
  // Unverified: from knowledge.
  family("aws-powershell", "AWS Tools for PowerShell", "cli", ["awspowershell", "awspowershell.common"]),
  // Kubernetes' own client; its calls are in audit logs of the cluster and hardly ever in CloudTrail. Unverified there.
  family("kubectl", "kubectl", "cli", ["kubectl"]),
];

/** boto/botocore pull request 2955 describes the form that all SDKs share; older forms are as the SDKs wrote them. */
const sdks: readonly ClientFamily[] = [
  family("boto3", "Boto3", "sdk", ["boto3"]),
  family("botocore", "Botocore", "sdk", ["botocore", "md/botocore"]),
  family("aws-sdk-go-v2", "AWS SDK for Go v2", "sdk", ["aws-sdk-go-v2"]),
  family("aws-sdk-go", "AWS SDK for Go", "sdk", ["aws-sdk-go"]),
  family("aws-sdk-java", "AWS SDK for Java", "sdk", ["aws-sdk-java"]),
  family("aws-sdk-js", "AWS SDK for JavaScript", "sdk", ["aws-sdk-js", "aws-sdk-nodejs"]),
  family("aws-sdk-rust", "AWS SDK for Rust", "sdk", ["aws-sdk-rust"]),
  family("aws-sdk-php", "AWS SDK for PHP", "sdk", ["aws-sdk-php", "aws-sdk-php2"]),
  family("aws-sdk-ruby", "AWS SDK for Ruby", "sdk", ["aws-sdk-ruby3", "aws-sdk-ruby2", "aws-sdk-ruby"]),
  family("aws-sdk-dotnet", "AWS SDK for .NET", "sdk", [
    "aws-sdk-dotnet-coreclr",
    "aws-sdk-dotnet-core",
    "aws-sdk-dotnet-45",
    "aws-sdk-dotnet-35",
  ]),
  family("aws-sdk-kotlin", "AWS SDK for Kotlin", "sdk", ["aws-sdk-kotlin"]),
  family("aws-sdk-cpp", "AWS SDK for C++", "sdk", ["aws-sdk-cpp"]),
  family("aws-sdk-swift", "AWS SDK for Swift", "sdk", ["aws-sdk-swift"]),
  family("rusoto", "Rusoto", "sdk", ["rusoto"]),
];

/** Browsers built on others name those too, so the outermost comes first. */
const browsers: readonly ClientFamily[] = [
  family("Edge", "Edge", "browser", ["edg", "edge"]),
  family("Opera", "Opera", "browser", ["opr"]),
  family("Firefox", "Firefox", "browser", ["firefox"]),
  family("Chrome", "Chrome", "browser", ["chrome", "headlesschrome"]),
  { ...family("Safari", "Safari", "browser", ["safari"]), versionIn: "version-word" },
];

/**
 * Every family that is told apart, the one that drives before the one that is driven: an agent that runs the AWS CLI is
 * an agent. Each row says where its words were read; "unverified" marks what no record or source has shown.
 */
export const clientFamilies: readonly ClientFamily[] = [
  ...agents,
  ...infrastructure,
  ...consoles,
  ...programs,
  ...sdks,
  ...browsers,
];

function family(client: string, label: string, category: ClientCategory, marks: readonly string[]): ClientFamily {
  return { client, label, category, marks };
}
