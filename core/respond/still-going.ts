/** What denying everything leaves (design D.1): said in every notice. */
export const stillGoing = [
  "sessions of other roles that this role has assumed already go on until they expire, an hour at most each",
  "jobs, instances, functions and pods that run go on running, without AWS calls",
  "open SSM, SSH and Studio sessions stay open",
  "tokens that were handed out (ECR logins, database tokens, tokens for outside services) stay valid until they expire",
  "a login to an EKS cluster may still work until the role's access entry is removed",
  "resources that are open to everyone stay open",
  "what was copied is copied",
] as const;

/** What denying a part of one's sessions, or new sessions only, leaves beside it. */
export const stillGoingInPart = [
  "the rest of the role's sessions keep all their rights",
  "sessions of other roles that it has assumed already go on until they expire, an hour at most each",
  "open SSM, SSH and Studio sessions stay open",
  "tokens that were handed out stay valid until they expire",
  "what was copied is copied",
] as const;
