import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Client, clientOf, familyOf } from "../../../core/event/client.ts";
import { clientFamilies } from "../../../core/event/client-families.ts";

const rows: readonly (readonly [userAgent: string, expected: Client, family: string])[] = [
  [
    "aws-cli/1.29.1 Python/3.9.5 Linux/6.1.0-10 botocore/1.31.1",
    { category: "cli", client: "aws-cli", version: "1.29.1", os: "linux", runtime: "python 3.9.5" },
    "AWS CLI",
  ],
  [
    "aws-cli/2.9.1 Python/3.10.2 Windows/10 exe/AMD64 prompt/off command/ec2.describe-vpcs",
    {
      category: "cli",
      client: "aws-cli",
      version: "2.9.1",
      os: "windows",
      runtime: "python 3.10.2",
      command: "ec2.describe-vpcs",
    },
    "AWS CLI",
  ],
  [
    "[aws-cli/2.30.1 md/awscrt#0.27.1 ua/2.1 os/linux#6.8.0 md/arch#x86_64 lang/python#3.13.1 m/E,C cfg/retry-mode#standard md/prompt#off md/command#s3.sync]",
    {
      category: "cli",
      client: "aws-cli",
      version: "2.30.1",
      os: "linux",
      runtime: "python 3.13.1",
      command: "s3.sync",
    },
    "AWS CLI",
  ],
  [
    "[Boto3/1.30.1 Python/3.11.0 Linux/6.1.0 Botocore/1.33.1]",
    { category: "sdk", client: "boto3", version: "1.30.1", os: "linux", runtime: "python 3.11.0" },
    "Boto3",
  ],
  [
    "Botocore/1.35.1 ua/2.0 os/linux#6.1 lang/python#3.12.0",
    { category: "sdk", client: "botocore", version: "1.35.1", os: "linux", runtime: "python 3.12.0" },
    "Botocore",
  ],
  [
    "aws-sdk-java/2.30.1 md/io#sync ua/2.1 os/Mac_OS_X#14.5 lang/java#21.0.1 md/vendor#Eclipse",
    { category: "sdk", client: "aws-sdk-java", version: "2.30.1", os: "macos", runtime: "Java 21.0.1" },
    "AWS SDK for Java",
  ],
  [
    "aws-sdk-java/1.12.1 Linux/5.10.1 OpenJDK_64-Bit_Server_VM/17.0.1+8-LTS java/17.0.1 kotlin/1.9.1 vendor/X, Other/1",
    { category: "sdk", client: "aws-sdk-java", version: "1.12.1", os: "linux", runtime: "Java 17.0.1" },
    "AWS SDK for Java",
  ],
  [
    "aws-sdk-go/1.44.1 (go1.20.1; linux; arm64)",
    { category: "sdk", client: "aws-sdk-go", version: "1.44.1", os: "linux", runtime: "go 1.20.1" },
    "AWS SDK for Go",
  ],
  [
    "aws-sdk-go-v2/1.18.1 os/other lang/go/1.19.1 md/GOOS/windows md/GOARCH/amd64 api/sts/1.19.1",
    { category: "sdk", client: "aws-sdk-go-v2", version: "1.18.1", os: "windows", runtime: "go 1.19.1" },
    "AWS SDK for Go v2",
  ],
  [
    "aws-sdk-js/3.600.1 ua/2.0 os/linux#5.10 lang/js md/nodejs#20.1.0 api/kms#3.600.1",
    { category: "sdk", client: "aws-sdk-js", version: "3.600.1", os: "linux", runtime: "nodejs 20.1.0" },
    "AWS SDK for JavaScript",
  ],
  [
    "aws-sdk-nodejs/2.1000.1 linux/v14.1.0 exec-env/AWS_Lambda_nodejs14.x promise",
    { category: "sdk", client: "aws-sdk-js", version: "2.1000.1", os: "linux", runtime: "nodejs 14.1.0" },
    "AWS SDK for JavaScript",
  ],
  [
    "aws-sdk-rust/1.3.1 os/linux lang/rust/1.80.1",
    { category: "sdk", client: "aws-sdk-rust", version: "1.3.1", os: "linux", runtime: "rust 1.80.1" },
    "AWS SDK for Rust",
  ],
  [
    "aws-sdk-php/3.300.1 ua/2.1 OS/Linux#5.15 lang/php#8.2.1 GuzzleHttp/7",
    { category: "sdk", client: "aws-sdk-php", version: "3.300.1", os: "linux", runtime: "php 8.2.1" },
    "AWS SDK for PHP",
  ],
  [
    "aws-sdk-ruby3/3.200.1 ua/2.1 api/s3#1.1.1 os/linux#6 lang/ruby#3.3.1",
    { category: "sdk", client: "aws-sdk-ruby", version: "3.200.1", os: "linux", runtime: "ruby 3.3.1" },
    "AWS SDK for Ruby",
  ],
  [
    "aws-sdk-dotnet-coreclr/4.0.1 ua/2.1 os/windows#10.0 md/ARCH#X64 lang/.NET_Core#8.0.1",
    { category: "sdk", client: "aws-sdk-dotnet", version: "4.0.1", os: "windows", runtime: "dotnet 8.0.1" },
    "AWS SDK for .NET",
  ],
  [
    "aws-sdk-kotlin/1.3.1 ua/2.1 api/s3#1.3.1 os/linux#6 lang/kotlin#2.0.1",
    { category: "sdk", client: "aws-sdk-kotlin", version: "1.3.1", os: "linux", runtime: "kotlin 2.0.1" },
    "AWS SDK for Kotlin",
  ],
  [
    "aws-sdk-cpp/1.11.1 ua/2.1 os/Linux#6.1 md/arch#x86_64 lang/c++#C++17",
    { category: "sdk", client: "aws-sdk-cpp", version: "1.11.1", os: "linux", runtime: "c++ C++17" },
    "AWS SDK for C++",
  ],
  [
    "aws-sdk-swift/1.0.1 ua/2.1 os/ios#17.1 lang/swift#5.10",
    { category: "sdk", client: "aws-sdk-swift", version: "1.0.1", os: "ios", runtime: "swift 5.10" },
    "AWS SDK for Swift",
  ],
  [
    "worker/1.0 rusoto/0.48.1 rust/1.70.1 linux",
    { category: "sdk", client: "rusoto", version: "0.48.1", os: "linux", runtime: "rust 1.70.1" },
    "Rusoto",
  ],
  ["AWSPowerShell/4.1.1", { category: "cli", client: "aws-powershell", version: "4.1.1" }, "AWS Tools for PowerShell"],
  [
    "AWS-Toolkit-For-VSCode/3.1.1 Visual-Studio-Code/1.90.1",
    { category: "cli", client: "aws-toolkit", version: "3.1.1" },
    "AWS Toolkit",
  ],
  [
    "kubectl/v1.30.1 (linux/amd64) kubernetes/0000000",
    { category: "cli", client: "kubectl", version: "v1.30.1", os: "linux" },
    "kubectl",
  ],
  [
    "APN/1.0 HashiCorp/1.0 Terraform/1.9.1 (+https://www.terraform.io) terraform-provider-aws/5.60.1 (+https://registry.terraform.io/providers/hashicorp/aws) aws-sdk-go-v2/1.30.1 ua/2.1 os/macos lang/go#1.22.1 md/GOOS#darwin",
    {
      category: "iac",
      client: "terraform",
      version: "1.9.1",
      os: "macos",
      runtime: "go 1.22.1",
      tool: "aws-sdk-go-v2",
    },
    "Terraform",
  ],
  [
    "[aws-sdk-go/1.10.1 (go1.8; linux; amd64) APN/1.0 HashiCorp/1.0 Terraform/0.9.1]",
    { category: "iac", client: "terraform", version: "0.9.1", os: "linux", runtime: "go 1.8", tool: "aws-sdk-go" },
    "Terraform",
  ],
  [
    "aws-sdk-go-v2/1.30.1 os/linux lang/go#1.22.1 APN/1.0 OpenTofu-S3-Backend/1.0 OpenTofu/1.10.2",
    {
      category: "iac",
      client: "opentofu",
      version: "1.10.2",
      os: "linux",
      runtime: "go 1.22.1",
      tool: "aws-sdk-go-v2",
    },
    "OpenTofu",
  ],
  [
    "APN/1.0 Pulumi/1.0 Pulumi-Aws/6.1.1 (+https://www.pulumi.com) aws-sdk-go/1.40.1 (go1.22.1; darwin; arm64)",
    { category: "iac", client: "pulumi", version: "6.1.1", os: "macos", runtime: "go 1.22.1", tool: "aws-sdk-go" },
    "Pulumi",
  ],
  [
    "APN/1.0 HashiCorp/1.0 Terraform/1.0.1 aws-sdk-go/1.40.1 (go1.16; linux; amd64) crossplane-provider-jet-aws/v0.4.1",
    { category: "iac", client: "crossplane", version: "v0.4.1", os: "linux", runtime: "go 1.16", tool: "aws-sdk-go" },
    "Crossplane",
  ],
  [
    "aws-cdk/2.150.1 aws-sdk-nodejs/2.1600.1 darwin/v20.1.0 promise",
    {
      category: "iac",
      client: "aws-cdk",
      version: "2.150.1",
      os: "macos",
      runtime: "nodejs 20.1.0",
      tool: "aws-sdk-js",
    },
    "AWS CDK",
  ],
  [
    "Boto3/1.34.1 md/Botocore#1.34.1 ua/2.0 os/linux#6 lang/python#3.12.1 aws-sam-cli/1.120.1/00000000-0000-0000-0000-000000000000",
    {
      category: "iac",
      client: "aws-sam-cli",
      version: "1.120.1",
      os: "linux",
      runtime: "python 3.12.1",
      tool: "boto3",
    },
    "AWS SAM CLI",
  ],
  [
    "sst/3.1.1 aws-sdk-go-v2/1.30.1",
    { category: "iac", client: "sst", version: "3.1.1", tool: "aws-sdk-go-v2" },
    "SST",
  ],
  [
    "Boto3/1.28.1 Python/3.11.1 Linux/6.1 Botocore/1.31.1 APN/1.0 Ansible/2.15.1 amazon.aws/6.0.1",
    { category: "iac", client: "ansible", version: "2.15.1", os: "linux", runtime: "python 3.11.1", tool: "boto3" },
    "Ansible",
  ],
  [
    "aws-sdk-go-v2/1.32.1 os/linux lang/go#1.23.1 karpenter.sh-1.0.1",
    {
      category: "iac",
      client: "karpenter",
      version: "1.0.1",
      os: "linux",
      runtime: "go 1.23.1",
      tool: "aws-sdk-go-v2",
    },
    "Karpenter",
  ],
  [
    "aws-sdk-go/1.44.1 (go1.20.1; linux; amd64) karpenter.sh-v0.31.1",
    { category: "iac", client: "karpenter", version: "0.31.1", os: "linux", runtime: "go 1.20.1", tool: "aws-sdk-go" },
    "Karpenter",
  ],
  [
    "eksctl/0.180.1 aws-sdk-go-v2/1.20.1",
    { category: "iac", client: "eksctl", version: "0.180.1", tool: "aws-sdk-go-v2" },
    "eksctl",
  ],
  ["cloudformation.amazonaws.com", { category: "iac", client: "cloudformation" }, "CloudFormation"],
  ["cloudformation.amazonaws.com.cn", { category: "iac", client: "cloudformation" }, "CloudFormation"],
  ["signin.amazonaws.com", { category: "console", client: "aws-console" }, "AWS console"],
  ["console.amazonaws.com", { category: "console", client: "aws-console" }, "AWS console"],
  ["console.sns.amazonaws.com", { category: "console", client: "aws-console" }, "AWS console"],
  ["AWS Internal", { category: "console", client: "aws-internal" }, "AWS Internal"],
  [
    "[S3Console/0.4, aws-internal/3 aws-sdk-java/1.12.1 Linux/5.10.1 OpenJDK_64-Bit_Server_VM/25.1 java/1.8.0_1]",
    {
      category: "console",
      client: "s3-console",
      version: "0.4",
      os: "linux",
      runtime: "Java 1.8.0_1",
      tool: "aws-sdk-java",
    },
    "S3 console",
  ],
  [
    "aws-internal/3 aws-sdk-java/1.12.1",
    { category: "console", client: "aws-internal", version: "3", tool: "aws-sdk-java" },
    "AWS Internal",
  ],
  ["lambda.amazonaws.com", { category: "service", client: "lambda.amazonaws.com" }, "AWS service"],
  ["delivery.logs.amazonaws.com", { category: "service", client: "delivery.logs.amazonaws.com" }, "AWS service"],
  [
    "aws-sdk-go/1.44.1 (go1.20.1; linux; amd64) amazon-ssm-agent/",
    { category: "service", client: "amazon-ssm-agent", os: "linux", runtime: "go 1.20.1", tool: "aws-sdk-go" },
    "SSM Agent",
  ],
  [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 Edg/130.0.1.0",
    { category: "browser", client: "Edge", version: "130.0.1.0", os: "windows" },
    "Edge",
  ],
  [
    "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 OPR/110.0.0.1",
    { category: "browser", client: "Opera", version: "110.0.0.1", os: "chromeos" },
    "Opera",
  ],
  [
    "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0",
    { category: "browser", client: "Firefox", version: "130.0", os: "linux" },
    "Firefox",
  ],
  [
    "Mozilla/5.0 (Linux; Android 14; Pixel) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36",
    { category: "browser", client: "Chrome", version: "130.0.0.0", os: "android" },
    "Chrome",
  ],
  [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.1 Mobile/15E1 Safari/604.1",
    { category: "browser", client: "Safari", version: "17.1", os: "ios" },
    "Safari",
  ],
  [
    "aws-cli/2.30.1 ua/2.1 os/macos#24 lang/python#3.13.1 exec-env/AmazonQ-For-CLI-Version-1.10.1 m/E md/command#s3.ls",
    {
      category: "agent",
      client: "amazon-q-cli",
      version: "1.10.1",
      os: "macos",
      runtime: "python 3.13.1",
      command: "s3.ls",
      tool: "aws-cli",
    },
    "Amazon Q CLI",
  ],
  [
    "aws-sdk-rust/1.3.1 ua/2.1 os/macos lang/rust/1.80.1 app/AmazonQ-For-CLI",
    { category: "agent", client: "amazon-q-cli", os: "macos", runtime: "rust 1.80.1", tool: "aws-sdk-rust" },
    "Amazon Q CLI",
  ],
  [
    "aws-sdk-js/1.0.1 ua/2.1 os/linux#6 lang/js md/nodejs#22.1.0 KiroIDE-0.2.1-0000000000000000",
    {
      category: "agent",
      client: "kiro",
      version: "0.2.1-0000000000000000",
      os: "linux",
      runtime: "nodejs 22.1.0",
      tool: "aws-sdk-js",
    },
    "Kiro",
  ],
  [
    "aws-cli/2.40.1 ua/2.1 os/linux m/AX,C",
    { category: "agent", client: "kiro", os: "linux", tool: "aws-cli" },
    "Kiro",
  ],
  [
    "[aws-cli/1.42.1 md/Botocore#1.40.1 os/linux#6 lang/python#3.12.1 botocore/1.40.1 awslabs/mcp/AWS-API-MCP-server/0.2.1 cfg/ro#0]",
    {
      category: "agent",
      client: "awslabs-mcp",
      version: "0.2.1",
      os: "linux",
      runtime: "python 3.12.1",
      tool: "aws-cli",
    },
    "AWS Labs MCP server",
  ],
  [
    "Boto3/1.40.1 md/Botocore#1.40.1 ua/2.1 os/linux#6 lang/python#3.12.1 md/awslabs#mcp#iam-mcp-server#1.0.3",
    {
      category: "agent",
      client: "awslabs-mcp",
      version: "1.0.3",
      os: "linux",
      runtime: "python 3.12.1",
      tool: "boto3",
    },
    "AWS Labs MCP server",
  ],
  ["aws-mcp.amazonaws.com", { category: "agent", client: "aws-mcp" }, "AWS MCP Server"],
  ["claude-cli/2.1.1 (external, cli)", { category: "agent", client: "claude-code", version: "2.1.1" }, "Claude Code"],
  ["codex_cli_rs/0.87.1 (Mac OS 15.1.0; arm64)", { category: "agent", client: "codex", version: "0.87.1" }, "Codex"],
  ["GitHubCopilotChat/0.31.1", { category: "agent", client: "github-copilot", version: "0.31.1" }, "GitHub Copilot"],
  [
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Cursor/1.0.1 Chrome/130.0.0.0 Electron/33.0.1 Safari/537.36",
    { category: "agent", client: "cursor", version: "1.0.1", os: "macos" },
    "Cursor",
  ],
  [
    "Boto3/1.40.1 md/Botocore#1.40.1 ua/2.1 os/linux#6 lang/python#3.12.1 strands-agents",
    { category: "agent", client: "strands-agents", os: "linux", runtime: "python 3.12.1", tool: "boto3" },
    "Strands Agents",
  ],
  ["my-app/2.0 (internal)", { category: "unknown", client: "my-app", version: "2.0" }, "unknown client"],
  ["", { category: "unknown" }, "unknown client"],
  ["[]", { category: "unknown" }, "unknown client"],
];

describe("clientOf", () => {
  it.each(rows)("reads %s", (userAgent, expected, family) => {
    const client = clientOf(userAgent);
    expect(client).toEqual(expected);
    expect(familyOf(client)).toBe(family);
  });

  it("has a row here for every family", () => {
    const read = new Set(rows.map(([, , family]) => family));
    expect(clientFamilies.map(({ label }) => label).filter((label) => !read.has(label))).toEqual([]);
  });

  it("stays silent on names that only resemble a family's", () => {
    for (const text of [
      "terraformer/0.8",
      "not-aws-cli/2.0",
      "cursors/1",
      "lambda.amazonaws.com.example.net",
      "evil.example/signin.amazonaws.com",
      "lambda.amazonaws.com extra words",
      "AWS Internal tool",
      "__proto__/1",
      "constructor/1",
      "m/A,X",
    ])
      expect(familyOf(clientOf(text)), text).toBe("unknown client");
  });

  it("takes a forged text for what it says, and calls it nothing more than a family", () => {
    const forged = clientOf("lambda.amazonaws.com");
    expect(Object.keys(forged).sort()).toEqual(["category", "client"]);
    expect(familyOf({ category: "service", client: "<script>" })).toBe("AWS service");
    expect(familyOf({ category: "cli", client: "<script>" })).toBe("unknown client");
    expect(familyOf({ category: "unknown", client: "terraform" })).toBe("unknown client");
  });
});

describe("the families", () => {
  it("share no name, no label and no mark", () => {
    for (const all of [
      clientFamilies.map(({ client }) => client),
      clientFamilies.map(({ label }) => label),
      clientFamilies.flatMap(({ marks }) => marks),
    ])
      expect(all).toEqual([...new Set(all)]);
  });
});

describe("whatever the text", () => {
  const known = new Set(clientFamilies.map(({ label }) => label)).add("AWS service").add("unknown client");
  const pieces = fc.constantFrom(
    ...clientFamilies.flatMap(({ marks }) => marks),
    ..."( ) [ ] / # , ; - os/ lang/ md/ app/ exec-env/ m/ awslabs/ Version/ \u001b[31m \u0000 \ud800 é".split(" "),
    " ",
    "\t",
  );
  const hostile = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(pieces, { maxLength: 200 }).map((all) => all.join("")),
  );

  const sound = (text: string): void => {
    const client = clientOf(text);
    expect(known).toContain(familyOf(client));
    for (const value of [client.client, client.version, client.command, client.tool, client.os])
      if (value !== undefined) expect(value).toMatch(/^[\w.+-]{1,64}$/);
    if (client.runtime !== undefined) expect(client.runtime).toMatch(/^[A-Za-z+]{1,8}(?: [\w.+-]{1,64})?$/);
  };

  it("never throws, and yields short plain values and a family of ours", () => {
    fc.assert(fc.property(hostile, sound), { numRuns: 2_000 });
  });

  it("cuts what is long", () => {
    const long = "x".repeat(300);
    for (const text of [
      `aws-cli/${long}`,
      `aws-cli/1 command/${long}`,
      `${long}/1`,
      `x/${long}`,
      `${long}.amazonaws.com`,
    ])
      sound(text);
    expect(clientOf(`aws-cli/${long}`).version).toHaveLength(64);
  });

  it("reads no more of a megabyte than of the first 1,024 characters", () => {
    for (const piece of [
      "(",
      "a/",
      "md/",
      "m/A,",
      "-",
      "-v",
      "a-version-",
      "aws-cli/1 ",
      "[",
      "/#",
      "console.",
      "\u00e9",
    ]) {
      const text = piece.repeat(Math.ceil(1_048_576 / piece.length));
      sound(text);
      expect(clientOf(text)).toEqual(clientOf(text.slice(0, 1_024)));
      const before = performance.now();
      for (let round = 0; round < 20; round++) clientOf(text);
      expect((performance.now() - before) / 20, piece).toBeLessThan(25);
    }
  });
});

/** Third-party data for measuring only; it is never part of the project. */
const open = resolve(import.meta.dirname, "../../../../shared/data/open/attribution.open.jsonl.gz");
const present = existsSync(open);
if (!present) console.warn("skipped: ../shared/data/open is not here, so no user agents can be measured against it");

describe.skipIf(!present)("the user agents that others have read", () => {
  it("are read alike, all of them", () => {
    const measured = gunzipSync(readFileSync(open))
      .toString("utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ kind }) => kind === "user_agent");
    expect(measured.length).toBeGreaterThanOrEqual(11);
    for (const { ua, name, expected } of measured) {
      const { category, client, version, os, runtime, command } = clientOf(String(ua));
      const values = { category, client, version, os, runtime, command };
      const read = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, value ?? null]));
      expect([name, read]).toEqual([name, expected]);
    }
  });
});
