import type { Grant } from "../workload.ts";

/** What a workload's envelope and grants say of one conduct at one moment. */
export type EnvelopeVerdict =
  | { readonly kind: "inside"; readonly by: "envelope" | "grant" }
  /** The call's IAM actions are not known, or the envelope does not speak of such calls. */
  | { readonly kind: "not-judged"; readonly because: string }
  | { readonly kind: "outside"; readonly breaches: readonly [Breach, ...Breach[]] };

/** One way in which a call lies outside. `declared` is what the manifest would have allowed, for people. */
export type Breach =
  | { readonly kind: "action"; readonly action: string; readonly declared: readonly string[] }
  /** The action is declared, on other resources. */
  | {
      readonly kind: "resource";
      readonly action: string;
      readonly resource: string;
      readonly declared: readonly string[];
    }
  | { readonly kind: "region"; readonly region: string; readonly declared: readonly string[] }
  | { readonly kind: "model"; readonly model: string; readonly declared: readonly string[] }
  | { readonly kind: "secret"; readonly secret: string; readonly declared: readonly string[] }
  | { readonly kind: "origin"; readonly origin: string; readonly declared: readonly string[] }
  | { readonly kind: "session"; readonly seconds: number; readonly limit: number }
  /** Only a grant that is over, or has not begun, would have allowed it. */
  | { readonly kind: "grant-not-in-force"; readonly action: string; readonly grant: Grant };
