/** A generated request with policies, as JSON, so that two evaluators read the same. */
export interface OracleCase {
  readonly action: string;
  readonly resource: string;
  readonly accountId: string;
  readonly principal: string;
  readonly context: Readonly<Record<string, string | readonly string[]>>;
  readonly identityPolicies: readonly Document[];
  readonly permissionBoundaries?: readonly Document[];
  readonly sessionPolicy?: Document;
  readonly resourcePolicy?: Document;
  readonly serviceControlPolicies?: readonly (readonly Document[])[];
  readonly resourceControlPolicies?: readonly (readonly Document[])[];
}

export interface Document {
  readonly Version: "2008-10-17" | "2012-10-17";
  readonly Statement: readonly Readonly<Record<string, unknown>>[];
}

const home = "111122223333";
const away = "444455556666";

/** A case for each seed, always the same one. */
export function oracleCase(seed: number): OracleCase {
  const dice = diceOf(seed);
  const principal = dice.one(principals);
  const [action, resource] = dice.one(targets);
  const foreign = dice.chance(0.15);
  const context = contextFor(dice, principal);
  const make = (kind: Kind): Document => documentOf(dice, { kind, action, resource });
  const many = (most: number, kind: Kind): readonly Document[] =>
    Array.from({ length: 1 + dice.below(most) }, () => make(kind));
  const isSession = principal.includes("assumed-role");
  return {
    action: dice.chance(0.2) ? action.toUpperCase() : action,
    resource,
    accountId: foreign ? away : home,
    principal,
    context,
    identityPolicies: dice.chance(0.9) ? many(3, "identity") : [],
    ...(dice.chance(0.25) ? { permissionBoundaries: many(1, "identity") } : {}),
    ...(isSession && dice.chance(0.3) ? { sessionPolicy: make("identity") } : {}),
    ...(takesResourcePolicy(action) && dice.chance(foreign ? 0.7 : 0.3) ? { resourcePolicy: make("resource") } : {}),
    ...(dice.chance(0.2)
      ? { serviceControlPolicies: [many(2, "identity"), ...(dice.chance(0.5) ? [many(1, "identity")] : [])] }
      : {}),
    ...(takesResourcePolicy(action) && dice.chance(0.1) ? { resourceControlPolicies: [many(1, "control")] } : {}),
  };
}

type Kind = "identity" | "resource" | "control";

const principals = [
  `arn:aws:iam::${home}:user/ann`,
  `arn:aws:iam::${home}:user/team/bob`,
  `arn:aws:iam::${home}:role/bot`,
  `arn:aws:sts::${home}:assumed-role/bot/run-1`,
] as const;

const targets: readonly (readonly [action: string, resource: string])[] = [
  ["s3:GetObject", "arn:aws:s3:::bucket/ann/report.txt"],
  ["s3:PutObject", "arn:aws:s3:::bucket/shared/report.txt"],
  ["s3:ListBucket", "arn:aws:s3:::bucket"],
  ["s3:ListAllMyBuckets", "*"],
  ["dynamodb:GetItem", `arn:aws:dynamodb:us-east-1:${home}:table/orders`],
  ["sqs:SendMessage", `arn:aws:sqs:us-east-1:${home}:jobs`],
  ["kms:Decrypt", `arn:aws:kms:us-east-1:${home}:key/k1`],
  ["kms:ListKeys", "*"],
  ["sts:AssumeRole", `arn:aws:iam::${home}:role/deploy`],
  ["sts:GetCallerIdentity", "*"],
  ["iam:PassRole", `arn:aws:iam::${home}:role/deploy`],
  ["iam:PutRolePolicy", `arn:aws:iam::${home}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_x`],
  ["iam:GetRole", `arn:aws:iam::${home}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_x`],
  ["kms:CreateAlias", `arn:aws:kms:us-east-1:${home}:alias/aws/own`],
  ["ec2:DescribeInstances", "*"],
  ["ec2:StartInstances", `arn:aws:ec2:us-east-1:${home}:instance/i-1`],
  ["lambda:InvokeFunction", `arn:aws:lambda:us-east-1:${home}:function:fn`],
];

const takesResourcePolicy = (action: string): boolean =>
  /^(?:s3:.*Object|s3:ListBucket|sqs|kms:Decrypt|sts:AssumeRole|lambda)/.test(action);

interface Subject {
  readonly kind: Kind;
  readonly action: string;
  readonly resource: string;
}

function documentOf(dice: Dice, subject: Subject): Document {
  return {
    Version: subject.kind !== "control" && dice.chance(0.03) ? "2008-10-17" : "2012-10-17",
    Statement: Array.from({ length: 1 + dice.below(3) }, () => statementOf(dice, subject)),
  };
}

function statementOf(dice: Dice, { kind, action, resource }: Subject): Readonly<Record<string, unknown>> {
  const wide = kind === "control" ? [] : ["iam:Get*", "*"];
  const actions = dice.some([action, ...actionPatterns(action), "s3:*", "ec2:Describe*", ...wide]);
  const resources = dice.some([
    resource,
    ...resourcePatterns(resource),
    "*",
    `arn:aws:s3:::bucket/\${aws:username}/*`,
    `arn:aws:s3:::bucket/\${aws:PrincipalTag/team, 'shared'}/*`,
  ]);
  const trust = kind === "resource" && action === "sts:AssumeRole";
  return {
    Effect: kind === "control" || dice.chance(0.25) ? "Deny" : "Allow",
    [kind === "control" || dice.chance(0.88) ? "Action" : "NotAction"]: trust ? [action] : actions,
    ...(trust ? {} : { [dice.chance(0.85) ? "Resource" : "NotResource"]: resources }),
    ...(kind === "identity" ? {} : principalOf(dice, kind)),
    ...(dice.chance(0.4) ? { Condition: conditionOf(dice) } : {}),
  };
}

const actionPatterns = (action: string): readonly string[] => {
  const [service = "", name = ""] = action.split(":");
  return [
    `${service}:*`,
    `${service}:${name.slice(0, 3)}*`,
    `${service}:${name.slice(0, -1)}?`,
    action.toLowerCase(),
    `${service}:*${name.slice(-4)}`,
  ];
};

/** Wildcards stand at the end of a field or inside the last one: how far one reaches over colons is not documented. */
const resourcePatterns = (resource: string): readonly string[] =>
  resource === "*"
    ? ["arn:aws:s3:::bucket", "arn:aws:s3:::*"]
    : [
        `${resource.slice(0, -2)}*`,
        `${resource.slice(0, -1)}?`,
        resource.replace(/[^:/]*$/, "*"),
        resource.replace(/us-east-1/, "*"),
        `${resource}x`,
      ];

function principalOf(dice: Dice, kind: Kind): Readonly<Record<string, unknown>> {
  if (kind === "control") return { Principal: "*" };
  const named = dice.one([
    "*",
    { AWS: "*" },
    { AWS: home },
    { AWS: `arn:aws:iam::${home}:root` },
    { AWS: [...principals.slice(0, 2), away] },
    { AWS: principals[2] },
    { AWS: principals[3] },
    { Service: "lambda.amazonaws.com" },
    { AWS: away },
  ]);
  return { Principal: named };
}

function contextFor(dice: Dice, principal: string): Readonly<Record<string, string | readonly string[]>> {
  const user = /user\/(?:.*\/)?([^/]+)$/.exec(principal)?.[1];
  const optional: Readonly<Record<string, readonly (string | readonly string[])[]>> = {
    "aws:PrincipalTag/team": ["shared", "blue", "*"],
    "aws:SourceIp": ["192.0.2.7", "198.51.100.1", "2001:db8::7"],
    "aws:CurrentTime": ["2026-11-25T10:00:00Z", "2020-01-01T00:00:00Z"],
    "aws:SecureTransport": ["true", "false"],
    "aws:MultiFactorAuthAge": ["10", "300", "3600"],
    "aws:RequestedRegion": ["us-east-1", "eu-west-1"],
    "aws:SourceArn": ["arn:aws:s3:::bucket", `arn:aws:sns:us-east-1:${home}:topic`],
    "aws:TagKeys": [["team"], ["team", "cost"], ["other"]],
    "aws:PrincipalOrgID": ["o-exampleorg", "o-otherorg"],
  };
  const chosen = Object.entries(optional).filter(() => dice.chance(0.6));
  return {
    ...(user === undefined ? {} : { "aws:username": user }),
    ...Object.fromEntries(
      chosen.map(([key, values]) => [dice.chance(0.2) ? key.toLowerCase() : key, dice.one(values)]),
    ),
  };
}

const tests: readonly (readonly [operators: readonly string[], key: string, values: readonly string[]])[] = [
  [
    [
      "StringEquals",
      "StringNotEquals",
      "StringEqualsIgnoreCase",
      "StringNotEqualsIgnoreCase",
      "StringLike",
      "StringNotLike",
    ],
    "aws:PrincipalTag/team",
    ["shared", "SHARED", "bl*", "bl?e", `\${aws:username}`],
  ],
  [["StringEquals", "StringNotLike"], "aws:RequestedRegion", ["us-east-1", "us-*", "eu-west-1"]],
  [["StringEquals", "StringNotEquals"], "aws:PrincipalOrgID", ["o-exampleorg", `\${aws:PrincipalTag/org}`]],
  [["IpAddress", "NotIpAddress"], "aws:SourceIp", ["192.0.2.0/24", "192.0.2.7", "2001:db8::/32", "198.51.100.0/31"]],
  [
    ["DateGreaterThan", "DateGreaterThanEquals", "DateLessThan", "DateLessThanEquals", "DateEquals", "DateNotEquals"],
    "aws:CurrentTime",
    ["2026-11-25T10:00:00Z", "2026-11-25", "1767225600", "2026-11-25T12:00:00+02:00"],
  ],
  [
    [
      "NumericEquals",
      "NumericNotEquals",
      "NumericLessThan",
      "NumericLessThanEquals",
      "NumericGreaterThan",
      "NumericGreaterThanEquals",
    ],
    "aws:MultiFactorAuthAge",
    ["10", "300", "1e2", "10.0"],
  ],
  [["Bool"], "aws:SecureTransport", ["true", "false", "TRUE"]],
  [
    ["ArnLike", "ArnEquals", "ArnNotLike", "ArnNotEquals"],
    "aws:SourceArn",
    ["arn:aws:s3:::bucket", "arn:aws:s3:::b*", "arn:aws:sns:*:*:topic", `arn:aws:sns:us-east-1:${home}:top?c`],
  ],
  [["Null"], "aws:SourceArn", ["true", "false"]],
  [["Null"], "aws:TagKeys", ["true", "false"]],
  [
    [
      "ForAllValues:StringEquals",
      "ForAnyValue:StringEquals",
      "ForAllValues:StringNotEquals",
      "ForAnyValue:StringNotEquals",
      "ForAllValues:StringLike",
      "ForAnyValue:StringLike",
    ],
    "aws:TagKeys",
    ["team", "cost", "o*"],
  ],
];

function conditionOf(dice: Dice): Readonly<Record<string, unknown>> {
  const block: Record<string, Record<string, readonly string[]>> = {};
  for (let i = 0; i <= dice.below(2); i++) {
    const [operators, key, values] = dice.one(tests);
    const operator = dice.one(operators);
    const name = operator === "Null" || dice.chance(0.75) ? operator : `${operator}IfExists`;
    block[name] = {
      ...block[name],
      [dice.chance(0.2) ? key.toUpperCase() : key]: operator === "Null" ? [dice.one(values)] : dice.some(values),
    };
  }
  return block;
}

interface Dice {
  below(count: number): number;
  chance(share: number): boolean;
  one<Item>(items: readonly Item[]): Item;
  /** One or two of them. */
  some<Item>(items: readonly Item[]): readonly Item[];
}

/** Marsaglia's xorshift: small, and the same everywhere. */
function diceOf(seed: number): Dice {
  let state = Math.imul(seed + 1, 0x9e3779b1) | 1;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  for (let i = 0; i < 8; i++) next();
  const below = (count: number): number => Math.floor(next() * count);
  const one = <Item>(items: readonly Item[]): Item => {
    const item = items[below(items.length)];
    if (item === undefined) throw new Error("nothing to choose from");
    return item;
  };
  return {
    below,
    chance: (share) => next() < share,
    one,
    some: (items) => [one(items), ...(next() < 0.3 ? [one(items)] : [])],
  };
}
