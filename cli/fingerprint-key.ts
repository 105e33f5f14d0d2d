import process from "node:process";

/**
 * The key that is used when none was set. It is printed here for everybody: fingerprints made with it tell equal secrets
 * from different ones on one machine, and nothing more.
 */
export const developmentKey = "cordon-development-fingerprint-key";

/** The key of fingerprints: `CORDON_FINGERPRINT_KEY`, else the documented development key. */
export const fingerprintKey = (): string => process.env["CORDON_FINGERPRINT_KEY"] || developmentKey;
