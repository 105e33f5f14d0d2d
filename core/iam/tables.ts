import type { ActionTable } from "./action-table.ts";
import type { Authorise } from "./authorisation.ts";
import type { EscalationPath } from "./reach/escalation-path.ts";

/** AWS's tables of actions, checks and escalation paths, which composition roots read from the `.data.json` files and pass in. */
export interface IamTables {
  readonly table: ActionTable;
  readonly authorise: Authorise;
  readonly paths: readonly EscalationPath[];
  /** How ids of Bedrock's cross-Region inference profiles begin (`us.`): what follows is the model. */
  readonly modelProfiles: readonly string[];
}
