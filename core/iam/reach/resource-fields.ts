import { globCovers } from "../glob-meet.ts";

/** A resource or a resource pattern as it is compared: `/` and `:` are one, and an ARN's fields are apart. */
export interface ResourceFields {
  readonly text: string;
  /** Five fields and the rest; nothing when the text has fewer, like `*` or `arn:*`. */
  readonly fields: readonly string[] | undefined;
}

/** Fields before an ARN's resource. */
const before = 5;

/** Splits one. */
export function resourceFields(written: string): ResourceFields {
  const text = written.replaceAll("/", ":");
  const all = text.split(":");
  return { text, fields: all.length <= before ? undefined : [...all.slice(0, before), all.slice(before).join(":")] };
}

/**
 * Whether a pattern covers a resource. Wildcards stay within their field, as IAM has it
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html); a pattern with fewer fields is compared as a whole.
 */
export function covers(pattern: ResourceFields, resource: ResourceFields): boolean {
  const { fields } = pattern;
  if (fields === undefined) return globCovers(pattern.text, resource.text);
  const given = resource.fields;
  return given !== undefined && fields.every((field, at) => globCovers(field, given[at] ?? ""));
}
