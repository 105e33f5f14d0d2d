import actions from "../core/iam/action-table.data.json" with { type: "json" };
import { type ActionTable, actionTable } from "../core/iam/action-table.ts";
import calls from "../core/iam/authorisation.data.json" with { type: "json" };
import { type Authorise, authorisation } from "../core/iam/authorisation.ts";
import { type ParametersRead, parametersRead } from "../core/iam/authorisation-parameters.ts";
import known from "../core/iam/escalation-paths.data.json" with { type: "json" };
import { type EscalationPath, escalationPaths } from "../core/iam/reach/escalation-path.ts";
import type { IamTables } from "../core/iam/tables.ts";

let table: ActionTable | undefined;
let authorise: Authorise | undefined;
let paths: readonly EscalationPath[] | undefined;

/** AWS's tables, each indexed when it is first asked. */
export const iamTables: IamTables = {
  get table() {
    table ??= actionTable(actions);
    return table;
  },
  get authorise() {
    authorise ??= authorisation(calls, this.table);
    return authorise;
  },
  get paths() {
    paths ??= escalationPaths(known);
    return paths;
  },
  modelProfiles: calls.profiles.prefixes,
};

/** The request parameters that `authorise` reads: what is remembered of a call so that it can be asked later. */
export const conductParameters = (): ParametersRead => parametersRead(calls);
