import { refused } from "../planned.ts";
import { definePlanner, drafted, setting } from "../planner.ts";

/** Switches one access key off. Long-term keys are the only credential that has a switch of its own. */
export const deactivateKey = definePlanner({
  id: "deactivate-key",
  title: "Switch an access key off",
  target: "an access key's id",
  families: ["secret-sprawl", "privilege-drift", "exposure", "external", "custom"],
  sets: [{ slot: "access-key", to: ["Inactive"], tier: 1 }],
  sideEffects: ["everything and everybody that signs with this key stops at once"],
  notStopped: [
    "the user's other keys, its password and its service-specific credentials go on working",
    "tokens of GetSessionToken and GetFederationToken that were made with the key live on for up to 36 hours: where there are such, contain the user",
    "sessions of roles that were assumed with the key go on until they expire",
    "what was copied is copied",
  ],
  undo: "the same key becomes active again, when its owner says that it has not leaked or cannot be rotated",
  draft(request) {
    const { id } = request.snapshot.target;
    const key = request.snapshot.held.find(({ slot }) => slot.kind === "access-key" && slot.accessKeyId === id);
    if (key === undefined) return refused(`the account has no access key ${id}`);
    if (key.value === null) return refused(`the access key ${id} has been deleted`);
    return drafted({
      change: setting(request, key.slot, "Inactive"),
      tier: 1,
      does: `switches off the access key ${id}`,
    });
  },
});
