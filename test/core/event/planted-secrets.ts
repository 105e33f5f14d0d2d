import type { Json, JsonObject } from "../../../core/event/json.ts";

/** A record with one secret in it, and what must be left of the record. */
export interface Plant {
  readonly kind: string;
  readonly secret: string;
  readonly record: JsonObject;
  readonly expected: JsonObject;
}

type Random = () => number;

/** `count` plants, every kind in turn, always the same for the same count. */
export function plants(count: number): readonly Plant[] {
  const random = seeded(20261125);
  return Array.from({ length: count }, (_, i) => {
    const kind = kinds[i % kinds.length];
    if (kind === undefined) throw new Error("there are no kinds of secrets");
    const { secret, field, left } = kind.make(random);
    const around = surroundings(random);
    return { kind: kind.name, secret, record: around(field), expected: around(left) };
  });
}

interface Made {
  readonly secret: string;
  readonly field: JsonObject;
  readonly left: JsonObject;
}

const upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const alphanumeric = `${upper}${upper.toLowerCase()}0123456789`;

const byName = (key: string) => ({
  name: `field ${key}`,
  make: (random: Random): Made => {
    const secret = letters(random, alphanumeric, 18);
    return { secret, field: { [key]: secret }, left: { [key]: "[masked]" } };
  },
});

const byShape = (name: string, prefix: string, length: number, alphabet = alphanumeric) => ({
  name: `shape ${name}`,
  make: (random: Random): Made => {
    const secret = `${prefix}${letters(random, alphabet, length)}`;
    return { secret, field: { note: `see ${secret} there` }, left: { note: "see [masked] there" } };
  },
});

const inVariables = (name: string, wrap: (secret: string) => JsonObject) => ({
  name: `variables ${name}`,
  make: (random: Random): Made => {
    const secret = letters(random, alphanumeric, 14);
    return { secret, field: wrap(secret), left: wrap("[masked]") };
  },
});

const kinds: readonly { readonly name: string; readonly make: (random: Random) => Made }[] = [
  ...["sessionToken", "secretAccessKey", "SecretString", "secretBinary", "password", "masterUserPassword"].map(byName),
  ...["privateKey", "keyMaterial", "authorizationToken", "servicePassword", "serviceCredentialSecret"].map(byName),
  ...["Plaintext", "accessToken", "refreshToken", "id_token", "client-secret", "userData", "prompt", "body"].map(
    byName,
  ),
  ...["inputText", "apiKey", "nextToken", "onStart"].map(byName),
  byShape("GitHub", "ghp_", 36),
  byShape("GitLab", "glpat-", 20),
  byShape("Slack", "xoxb-", 40),
  byShape("Bedrock", "ABSK", 100),
  byShape("OpenAI", "sk-proj-", 48),
  byShape("STS", "IQoJb3JpZ2luX2Vj", 300),
  byShape("AWS secret key", "", 40, `${alphanumeric}/+`),
  byShape("JWT", `eyJ${"aB3".repeat(8)}.eyJ${"cD4".repeat(8)}.`, 43),
  byShape("Google", "AIza", 35),
  inVariables("map", (secret) => ({ environment: { variables: { DB: secret } } })),
  inVariables("list", (secret) => ({ Environment: [{ Name: "DB", Value: secret }] })),
  inVariables("hyperparameters", (secret) => ({ hyperParameters: { hub: secret } })),
  inVariables("script", (secret) => ({ onCreate: [{ content: secret }] })),
  inVariables("embedded", (secret) => ({ payload: JSON.stringify({ a: [{ password: secret }] }) })),
  inVariables("pair", (secret) => ({ name: "DB_PASSWORD", value: secret })),
];

/** Random layers of harmless objects and lists around a field, with harmless siblings. */
function surroundings(random: Random): (field: JsonObject) => JsonObject {
  const layers = Array.from({ length: Math.floor(random() * 12) }, () => ({
    list: random() < 0.4,
    key: `k${letters(random, alphanumeric, 5)}`,
    sibling: letters(random, alphanumeric, 12),
  }));
  return (field) =>
    layers.reduce<JsonObject>((inner, { list, key, sibling }) => {
      const held: Json = list ? [sibling, inner, 7, null] : inner;
      return { [key]: held, accessKeyId: "AKIAIOSFODNN7EXAMPLE", sibling };
    }, field);
}

const letters = (random: Random, alphabet: string, length: number): string =>
  Array.from({ length }, () => alphabet.charAt(Math.floor(random() * alphabet.length))).join("");

/** Mulberry32: small, seeded, and the same everywhere. */
function seeded(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
