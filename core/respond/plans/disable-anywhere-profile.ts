import { definePlanner } from "../planner.ts";

/** Roles Anywhere: a profile serves every certificate of its trust anchor, and only people know whose the others are. */
export const disableAnywhereProfile = definePlanner({
  id: "disable-anywhere-profile",
  title: "Shut a certificate of IAM Roles Anywhere out",
  target: "the ARN of the role that the certificate's sessions have",
  only: "the certificate's serial number",
  classes: ["agent", "model-serving", "training", "vector-store", "orchestration", "deployment", "pipeline"],
  families: ["secret-sprawl", "identity", "privilege-drift", "exposure", "external", "custom"],
  sets: [],
  sideEffects: ["a disabled profile shuts every holder of a certificate out, not one"],
  notStopped: ["sessions that there are go on until they expire: contain the role as well"],
  undo: "the profile is enabled again, or the certificate taken off the list of revoked ones",
  draft({ action, snapshot }) {
    const serial = action.only?.[0] ?? "<serial number>";
    return {
      kind: "ticket",
      because: "one certificate is shut out by a revocation list that its authority signs, and a profile is shared",
      steps: [
        `contain ${snapshot.target.arn} (contain-role), which cuts the live sessions of every holder, if that is bearable`,
        `have the certificate authority revoke ${serial} and sign a new revocation list`,
        "import the list: aws rolesanywhere import-crl --name <name> --trust-anchor-arn <arn> --crl-data fileb://list.crl --enabled",
        "only if no list can be had: aws rolesanywhere disable-profile --profile-id <id>, which stops new sessions of all holders",
        `verify: no CreateSession with the serial number ${serial} after the import, in the timeline of the role`,
      ],
    };
  },
});
