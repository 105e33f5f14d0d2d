import { aiFormats } from "./ai.ts";
import { businessFormats } from "./business.ts";
import { cloudFormats } from "./cloud.ts";
import { codeFormats } from "./code.ts";
import type { SecretFormat } from "./format.ts";
import { operationsFormats } from "./operations.ts";

/** Every format that is known, the closer ones before the wider: the first that matches names the secret. */
export const secretFormats: readonly SecretFormat[] = [
  ...operationsFormats.slice(0, 3),
  ...cloudFormats,
  ...codeFormats,
  ...businessFormats,
  ...aiFormats,
  ...operationsFormats.slice(3),
];
