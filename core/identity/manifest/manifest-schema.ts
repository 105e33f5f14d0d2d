import type { JsonObject } from "../../event/json.ts";
import { documentReaders } from "./manifest.ts";

/** The manifest grammar as JSON Schema, for editors: the readers' own description, so that the two cannot disagree. */
export const manifestSchema: JsonObject = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "Cordon manifest (apiVersion cordon/v1)",
  oneOf: Object.entries(documentReaders).map(([kind, { schema }]) => ({ title: kind, ...schema })),
};
