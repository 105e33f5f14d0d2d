import { calls } from "../../event/watch.ts";
import { named } from "../declared.ts";
import { type IamUser, isIamUser, namingUser } from "../iam-user.ts";
import type { Claim, Resolver } from "../resolver.ts";

export const iamUser: Resolver = {
  id: "iam-user",
  summary:
    "AWS vouches for the user and the key, not for who holds it. It marks what the console did, and records the sign-in: that is a person. A user with keys only is a machine, and nobody's until a manifest names the user (`userArn`) or the key (`accessKeyId`). A sign-in that failed names whom somebody typed.",
  watches: [calls("signin:ConsoleLogin")],
  resolve(holder) {
    if (!isIamUser(holder)) return undefined;
    const { principal, issuedBy } = holder;
    if (principal.unproven)
      return person(holder, "inferred", "somebody typed this user's name to sign in, and did not get in");
    if (principal.console) return person(holder, "asserted", "the user signed in to the console");
    if (issuedBy?.api === "signin:ConsoleLogin")
      return person(holder, "linked", "the session began with the user's sign-in");
    const naming = namingUser(holder);
    return (
      naming &&
      named(
        {
          kind: "workload",
          id: `user:${principal.arn}`,
          class: "indexed",
          because: "the user holds keys, and nothing shows a person",
        },
        naming,
      )
    );
  },
};

/** A manifest names a program. A person who signs in under its user is not that program, and the reader should know. */
function person(holder: IamUser, how: Claim["class"], because: string): Claim {
  const manifest = namingUser(holder)?.manifest;
  const odd = manifest === undefined ? "" : `; yet ${manifest.where} declares the user as ${manifest.name}`;
  return named({ kind: "person", id: `user:${holder.principal.arn}`, class: how, because: `${because}${odd}` });
}
