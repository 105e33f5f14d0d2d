import { named } from "../declared.ts";
import { isIamUser, isStaticToken, namingUser } from "../iam-user.ts";
import type { Resolver } from "../resolver.ts";

export const bedrockApiKey: Resolver = {
  id: "bedrock-api-key",
  summary:
    "AWS marks calls with a Bedrock API key (`callWithBearerToken`). A long-term key belongs to an IAM user, which is certain; who holds the key is not recorded. A short-term key is a session in another form: its chain names the holder.",
  watches: [],
  resolve(holder) {
    if (!isIamUser(holder)) return undefined;
    const { principal } = holder;
    if (!isStaticToken(principal) || principal.unproven) return undefined;
    return named(
      {
        kind: "workload",
        id: `bedrock-key:${principal.arn}`,
        class: "asserted",
        because: "AWS marked the call as made with a bearer token of this user, a long-term Bedrock API key",
      },
      namingUser(holder),
    );
  },
};
