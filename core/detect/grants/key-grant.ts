import type { ApiCall } from "../../event/event.ts";
import { list, text } from "../../event/json.ts";
import { accountOf, parseArn } from "../../iam/arn.ts";

/** A grant on a KMS key to a role, user or account ("Grants in AWS KMS"). */
export interface KeyGrant {
  /** The key's ARN, or its id where the record has nothing else. */
  readonly key: string;
  readonly grantee: string;
  readonly account: string | undefined;
  readonly operations: readonly string[];
  /** Whether it lets its holder read what the key encrypts, or hand that on. */
  readonly opens: boolean;
}

const opening: ReadonlySet<string> = new Set(["CreateGrant", "Decrypt", "ReEncryptFrom"]);

/** What a CreateGrant grants to whom; nothing for grants to AWS's services, and for those that services make for somebody. */
export function keyGrantOf(call: ApiCall): KeyGrant | undefined {
  const { request, response, principal } = call;
  const grantee = text(request["granteePrincipal"]);
  if (call.api !== "kms:CreateGrant" || grantee === "" || principal.invokedBy !== undefined) return undefined;
  const arn = parseArn(grantee);
  if (arn === undefined || arn.resource.startsWith("role/aws-service-role/")) return undefined;
  const operations = list(request["operations"]).map(text);
  return {
    key: keyOf(call, text(response["keyId"]) || text(request["keyId"])),
    grantee,
    account: accountOf(grantee),
    operations,
    opens: operations.some((one) => opening.has(one)),
  };
}

/** A key by its ARN; an alias names a key and is none. */
function keyOf({ partition, region, account }: ApiCall, name: string): string {
  return /^[\w-]{1,64}$/.test(name) && account !== undefined
    ? `arn:${partition}:kms:${region}:${account}:key/${name}`
    : name;
}
