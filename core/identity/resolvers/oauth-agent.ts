import type { Principal } from "../../event/principal.ts";
import { calls } from "../../event/watch.ts";
import { named } from "../declared.ts";
import { permissionSetUser } from "../identity-center.ts";
import type { Resolver } from "../resolver.ts";

export const oauthAgent: Resolver = {
  id: "oauth-agent",
  summary:
    "`signin:CreateOAuth2Token` (`aws login`, OAuth and MCP clients) gives a client a session of the person who signed in at the browser. AWS vouches for the person and for the session; the client calls itself what it likes.",
  watches: [calls("signin:CreateOAuth2Token")],
  resolve({ issuedBy }) {
    if (issuedBy?.api !== "signin:CreateOAuth2Token") return undefined;
    const id = personIn(issuedBy.caller);
    return id === undefined
      ? undefined
      : named({
          kind: "person",
          id,
          class: "linked",
          because: "who signed in at the browser granted this session to an OAuth client",
        });
  },
};

/** Only who is a person by what AWS writes: a role that another provider's user signed in with is told by its own chain. */
function personIn(caller: Principal): string | undefined {
  const user = permissionSetUser(caller);
  if (user?.reserved) return `sso:-/${user.name}`;
  if (caller.kind === "iam-user" && caller.arn !== undefined) return `user:${caller.arn}`;
  return caller.kind === "root" && caller.account !== undefined && !caller.assumedRoot
    ? `root:${caller.account}`
    : undefined;
}
