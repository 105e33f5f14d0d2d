import { at, type JsonObject, text } from "../../event/json.ts";
import { isRoleArn, type RoleArn } from "../../iam/arn.ts";

/** One way in which a manifest says what it is about, as written. */
export interface Selector {
  readonly kind: string;
  readonly value: string | JsonObject;
}

/** The role a selector names, exactly or with a trailing `*`, whatever it is the role of. */
export function roleOf({ kind, value }: Selector): RoleArn | undefined {
  if (!roleKinds.includes(kind)) return undefined;
  const named = typeof value === "string" ? value : text(at(value, "roleArn"));
  return isRoleArn(named) ? named : undefined;
}

const roleKinds: readonly string[] = ["roleArn", "ecsTaskRole", "batchJobRole", "sagemaker"];
