/** Whether a value only stands for a secret: nothing, a slot to fill, a word, or AWS's documented example. */
export function isPlaceholder(value: string): boolean {
  const plain = value.trim().toLowerCase();
  if (plain.length < shortest || fillers.has(plain)) return true;
  if (isSlot(plain) || /^[^a-z0-9]*$/.test(plain)) return true;
  if (value.includes("EXAMPLE")) return true;
  if (distinct(plain) <= 3) return true;
  return spelledOut.some((word) => plain.includes(word)) || isCounting(plain);
}

/** Whether a value names where a secret is kept, instead of being one. */
export function isReference(value: string): boolean {
  const plain = value.trim();
  if (/^arn:[a-z-]+:[a-z0-9-]+:/i.test(plain)) return !/[?&;]/.test(plain);
  return (
    references.some((start) => plain.toLowerCase().startsWith(start)) ||
    // A path of a parameter, a file or an object: parts of plain words.
    (/^(?:\.{0,2}|~|[a-z]:)\/(?:[\w.@-]{1,80}\/){0,20}[\w.@-]{0,80}$/i.test(plain) && hasWordsOnly(plain))
  );
}

const shortest = 4;

const fillers: ReadonlySet<string> = new Set([
  ...["true", "false", "null", "none", "nil", "undefined", "yes", "no", "on", "off", "n/a", "empty", "unset", "todo"],
  ...["password", "passwd", "secret", "token", "apikey", "api_key", "key", "pass", "default", "admin", "root", "user"],
  ...["test", "testing", "test123", "dummy", "foo", "bar", "foobar", "sample", "demo", "fake", "mock", "postgres"],
  ...["string", "text", "value", "required", "optional", "disabled", "enabled", "prod", "dev", "staging", "local"],
  ...["password1", "password123", "passw0rd", "p@ssw0rd", "letmein", "qwerty", "abc123", "hunter2", "secret123"],
]);

/** Texts that people write where a secret belongs. */
const spelledOut: readonly string[] = [
  ...[
    "changeme",
    "change-me",
    "change_me",
    "replaceme",
    "replace-me",
    "replace_me",
    "replace with",
    "insert-",
    "insert_",
  ],
  ...[
    "your-",
    "your_",
    "yourkey",
    "yoursecret",
    "yourtoken",
    "yourpassword",
    "my-secret",
    "my_secret",
    "mysecret",
    "my-token",
  ],
  ...[
    "example",
    "placeholder",
    "redacted",
    "xxxxx",
    "*****",
    ".....",
    "dummy",
    "not-a-",
    "not_a_",
    "notasecret",
    "fill-in",
  ],
  ...[
    "fake-",
    "fake_",
    "-fake",
    "_fake",
    "sample-",
    "test-key",
    "test_key",
    "test-token",
    "test-secret",
    "to-be-",
    "<password>",
    "insecure-default",
  ],
];

/** `${NAME}`, `{{ name }}`, `<name>`, `%NAME%`, `$(…)`, `$NAME`, `@Microsoft.KeyVault(…)`: filled in by somebody else. */
const isSlot = (plain: string): boolean =>
  /^(?:\$\{[^}]{0,300}\}|\{\{[^}]{0,300}\}\}|\{[a-z0-9_.-]{0,100}\}|<[^>]{0,200}>|%[a-z0-9_]{1,100}%|\$\([^)]{0,300}\)|\$[a-z_][a-z0-9_]{0,100}|\[[^\]]{0,200}\]|@microsoft\.keyvault\(.{0,300}\)|!(?:ref|getatt|sub)\b.{0,200}|process\.env\.\w{1,100}|env\(.{0,100}\))$/.test(
    plain,
  );

const references: readonly string[] = [
  ...["{{resolve:", "ssm:", "secretsmanager:", "aws-secretsmanager:", "vault:", "op://", "sm://", "gcpsm://", "akv://"],
  ...[
    "env:",
    "file:",
    "ref:",
    "ref+",
    "secret://",
    "secrets/",
    "k8s:",
    "keyvault:",
    "bws://",
    "doppler://",
    "infisical://",
  ],
  ...[
    "/aws/reference/secretsmanager/",
    "projects/",
    "data/",
    "secretref:",
    "valuefrom",
    "s3://",
    "ecr:",
    "ami-",
    "sg-",
  ],
];

const hasWordsOnly = (path: string): boolean =>
  path.split("/").every((part) => part.length < 24 || !/\d.*[A-Z]|[A-Z].*\d/.test(part));

/** `1234567890`, `abcdefgh…`, `0123456789abcdef…`: each character follows the one before, or repeats. */
function isCounting(plain: string): boolean {
  let following = 0;
  for (let at = 1; at < plain.length; at++) {
    const step = plain.charCodeAt(at) - plain.charCodeAt(at - 1);
    if (step === 1 || step === 0 || (plain[at - 1] === "9" && (plain[at] === "0" || plain[at] === "a"))) following++;
  }
  return following >= (plain.length - 1) * 0.8;
}

const distinct = (text: string): number => new Set(text).size;
