import { isHostileKey } from "./measure.ts";
import { maskShapes } from "./secret-shapes.ts";

/** How the value under a key is kept. */
export type Keeping =
  /** As it is, its own keys and text judged one by one. */
  | "judged"
  /** Not at all: the key would reach a prototype. */
  | "dropped"
  /** The key only: whatever the value is, it is a secret. */
  | "masked"
  /** As `masked`, but numbers stay: `maxTokens` and the like count, they do not open. */
  | "masked-text"
  /** As `masked`, but text that is an ARN and objects stay: they name a secret, they do not hold it. */
  | "masked-unless-named"
  /** A map or list of variables: names stay, values go. */
  | "variables"
  /** An environment: variables, or a description that holds them. */
  | "environment"
  /** A script, or a list of objects whose `content` is one. */
  | "script"
  /** The value of a pair; the name beside it decides. */
  | "paired";

export interface KeyRule {
  /** The key as it is written out; keys may be shaped as secrets too. */
  readonly name: string;
  readonly keeping: Keeping;
}

const exact: ReadonlyMap<string, Keeping> = new Map<string, Keeping>([
  ...[
    ...["secretaccesskey", "secretkey", "secretstring", "secretbinary", "servicecredentialsecret", "clientsecret"],
    ...["plaintext", "passworddata", "passphrase", "tokencode", "samlassertion", "userdata", "authorizedurl"],
    ...["prompt", "body", "inputtext", "studiolifecycleconfigcontent"],
  ].map((key) => [key, "masked"] as const),
  // The subject that a token named: who was proven, not the token that proved it.
  ["subjectfromwebidentitytoken", "judged"],
  // Says that a token was used; some records write "true" as text.
  ["callwithbearertoken", "judged"],
  ["hyperparameters", "variables"],
  ["statichyperparameters", "variables"],
  ["variables", "variables"],
  ["environment", "environment"],
  ["onstart", "script"],
  ["oncreate", "script"],
  ["value", "paired"],
  ["parametervalue", "paired"],
]);

const endings: readonly (readonly [ending: string, keeping: Keeping])[] = [
  ["password", "masked"],
  ["passwd", "masked"],
  ["plaintext", "masked"],
  ["privatekey", "masked"],
  ["keymaterial", "masked"],
  ["token", "masked-text"],
  ["apikey", "masked-unless-named"],
  ["secret", "masked-unless-named"],
];

/** Judges a key by its name alone, wherever it stands, in any of the spellings that services use. */
export function judgeKey(key: string): KeyRule {
  const known = remembered.get(key);
  if (known !== undefined) return known;
  const rule = { name: maskShapes(key), keeping: isHostileKey(key) ? "dropped" : keepingOf(key) } as const;
  if (remembered.size < rememberedMost && key.length <= rememberedLongest) remembered.set(key, rule);
  return rule;
}

/** Answers that depend on the key alone and are asked for millions of times. Bounded: keys may be chosen by a caller. */
const remembered = new Map<string, KeyRule>();
const rememberedMost = 8_192;
const rememberedLongest = 64;

function keepingOf(key: string): Keeping {
  const plain = key.replace(/[-_. ]/g, "").toLowerCase();
  const found = exact.get(plain);
  if (found !== undefined) return found;
  if (plain.includes("environmentvariable")) return "variables";
  // "aws:RequestTag/token" is a condition key of a policy: what stands under it is compared, not kept secret.
  if (plain.includes(":")) return "judged";
  return endings.find(([ending]) => plain.endsWith(ending))?.[1] ?? "judged";
}
