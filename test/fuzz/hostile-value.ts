import fc from "fast-check";

/** Values that nobody expects: wrong types, odd numbers, odd text, too deep, too wide, too long. */

const nested = (levels: number, open: string, close: string): string =>
  `${open.repeat(levels)}1${close.repeat(levels)}`;

const policies = ['{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'].flatMap(
  (text) => [
    text,
    encodeURIComponent(text),
    JSON.stringify(JSON.parse(text), null, 2),
    JSON.stringify(text),
    text.slice(0, -3),
    text.replace('"Effect"', '"Effect":"Deny","Effect"'),
    `%${text}`,
    "%7B%2",
  ],
);

const texts = [
  ...["", " ", "0", "null", "__proto__", "constructor", "toString", "2026-02-30T00:00:00Z", "2026-01-31 00:00:00"],
  ...[
    "9999-12-31T23:59:59-23:59",
    "1e999",
    "\ud800",
    "\udfff\ud800",
    "\u202e\u2066",
    "\u0000\u001b[31m",
    "\ufeff",
    "\ufffd",
  ],
  ...["arn:aws:iam::111122223333:role/x", "arn:::::", "arn:aws-cn:sts::1:assumed-role/a/b", "AKIAIOSFODNN7EXAMPLE"],
  ...[
    "😀".repeat(100),
    "a".repeat(70_000),
    "[".repeat(3_000),
    '{"a":'.repeat(500),
    `${"[".repeat(90)}${"]".repeat(90)}`,
  ],
  ...["-----BEGIN PRIVATE KEY-----", "password=".repeat(50), "://".repeat(200), "eyJ".repeat(300), "%".repeat(100)],
  ...policies,
];

const values: readonly string[] = [
  ...[
    "null",
    "true",
    "false",
    "0",
    "-0",
    "-1",
    "1.5",
    "1e308",
    "1e999",
    "5e-324",
    "9007199254740993",
    "1e21",
    "111122223333",
  ],
  ...["[]", "{}", "[[]]", "[null]", "[{}]", '{"omitted":true}', '{"arn":"x","type":7}', policies[0] ?? ""],
  nested(63, '{"a":', "}"),
  nested(70, '{"a":', "}"),
  nested(70, "[", "]"),
  nested(20_000, "[", "]"),
  JSON.stringify(Array(10_001).fill(0)),
  JSON.stringify(Object.fromEntries(Array.from({ length: 2_001 }, (_, i) => [`k${i}`, i]))),
  '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"prototype":1}',
];

export const hostileText = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...texts) },
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({ maxLength: 20 }),
);

/** As JSON, so that everyone who takes one has a value of its own. */
export const hostileValue: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: hostileText.map((text) => JSON.stringify(text)) },
  { weight: 3, arbitrary: fc.constantFrom(...values) },
  fc.json({ maxDepth: 3 }),
);

export const hostileKey = fc.oneof(
  fc.constantFrom(
    "__proto__",
    "constructor",
    "prototype",
    "",
    "toString",
    "hasOwnProperty",
    "\ud800",
    "a".repeat(5_000),
  ),
  fc.constantFrom("eventVersion", "detail-type", "CloudTrailEvent", "Records", "Events", "digestS3Object", "eventTime"),
  fc.constantFrom("password", "environment", "value", "name", "userIdentity", "requestParameters", "policyDocument"),
);
