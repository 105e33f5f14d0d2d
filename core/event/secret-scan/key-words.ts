/** What a name says about the value under it. */
export type NameSays =
  /** A password: any value that somebody chose. */
  | "password"
  /** A key, token or secret: a value that a machine drew. */
  | "secret"
  /** Nothing, or something near: only what looks drawn at random counts. */
  | "nothing"
  /** A digest, a version, an id, a place: random-looking values are ordinary here. */
  | "not-secret";

/** Judges the name of a variable, field or parameter, in any spelling: `DB_PASSWORD`, `dbPassword`, `db.password`. */
export function nameSays(name: string): NameSays {
  const words = wordsOf(name.slice(-longest));
  const last = words.at(-1) ?? "";
  const before = words.at(-2) ?? "";
  const joined = words.join(" ");
  if (harmlessEnds.has(last) || harmlessNames.some((one) => joined.includes(one))) return "not-secret";
  if (words.some((word) => passwords.has(word)) || last === "pass" || last === "pw") return "password";
  if (words.some((word) => secrets.has(word))) return "secret";
  if (last === "key" || last === "keys") return keyPartners.has(before) ? "secret" : "nothing";
  return "nothing";
}

const longest = 256;

/** Words in lower case: parted by signs, and where a lower-case letter meets an upper-case one. */
const wordsOf = (name: string): readonly string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/([A-Z]{2,})([A-Z][a-z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");

const passwords: ReadonlySet<string> = new Set([
  ...[
    "password",
    "passwords",
    "passwd",
    "pwd",
    "passphrase",
    "passcode",
    "dbpassword",
    "userpassword",
    "dbpass",
    "pgpassword",
  ],
]);

const secrets: ReadonlySet<string> = new Set([
  ...[
    "secret",
    "secrets",
    "token",
    "apikey",
    "apitoken",
    "authtoken",
    "accesstoken",
    "secretkey",
    "privatekey",
    "accesskey",
  ],
  ...[
    "credential",
    "credentials",
    "creds",
    "clientsecret",
    "bearer",
    "authorization",
    "jwt",
    "pat",
    "hmac",
    "webhook",
    "dsn",
  ],
  ...["connectionstring", "refreshtoken", "sessiontoken", "signingkey", "encryptionkey", "masterkey"],
]);

/** What makes a `key` one that opens something. */
const keyPartners: ReadonlySet<string> = new Set([
  ...[
    "api",
    "access",
    "secret",
    "private",
    "auth",
    "signing",
    "encryption",
    "master",
    "service",
    "account",
    "license",
    "app",
  ],
  ...[
    "application",
    "admin",
    "storage",
    "shared",
    "session",
    "deploy",
    "write",
    "ingest",
    "subscription",
    "hmac",
    "aes",
  ],
]);

/** Ends of names that tell of a secret without holding it. */
const harmlessEnds: ReadonlySet<string> = new Set([
  ...[
    "arn",
    "name",
    "names",
    "url",
    "uri",
    "endpoint",
    "host",
    "hostname",
    "path",
    "file",
    "filename",
    "dir",
    "region",
    "ttl",
  ],
  ...[
    "expiry",
    "expires",
    "expiration",
    "expire",
    "timeout",
    "length",
    "size",
    "count",
    "limit",
    "max",
    "min",
    "type",
    "kind",
  ],
  ...[
    "header",
    "algorithm",
    "alg",
    "version",
    "enabled",
    "disabled",
    "required",
    "policy",
    "rotation",
    "prefix",
    "suffix",
    "ref",
  ],
  ...[
    "reference",
    "digest",
    "checksum",
    "sha",
    "sha1",
    "sha256",
    "sha512",
    "md5",
    "etag",
    "commit",
    "hash",
    "revision",
    "integrity",
  ],
  ...[
    "fingerprint",
    "uuid",
    "guid",
    "nonce",
    "cert",
    "certificate",
    "thumbprint",
    "tokens",
    "tokenizer",
    "audience",
    "issuer",
  ],
  ...[
    "provider",
    "mode",
    "format",
    "field",
    "column",
    "attempts",
    "retries",
    "interval",
    "days",
    "hours",
    "seconds",
    "date",
  ],
]);

const harmlessNames: readonly string[] = [
  ...[
    "public key",
    "publickey",
    "partition key",
    "primary key",
    "foreign key",
    "sort key",
    "cache key",
    "object key",
    "s3 key",
  ],
  ...[
    "row key",
    "range key",
    "hash key",
    "routing key",
    "max token",
    "min token",
    "next token",
    "page token",
    "pagination token",
  ],
  ...[
    "continuation token",
    "token count",
    "token limit",
    "key id",
    "trace id",
    "request id",
    "image tag",
    "build id",
    "git sha",
  ],
  ...[
    "integrity",
    "content md5",
    "idempotency",
    "client request token",
    "commit sha",
    "secret id",
    "secret ids",
    "key pair",
  ],
];
