import { createHmac } from "node:crypto";

/**
 * What leaves of a secret: the first 32 hex digits of HMAC-SHA-256 under a key of the deployment. The same secret in two
 * places has one fingerprint; without the key nobody can test a guess.
 */
export const fingerprintOf = (secret: string, key: string): string =>
  createHmac("sha256", key).update(secret).digest("hex").slice(0, 32);
