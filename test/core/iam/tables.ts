import actions from "../../../core/iam/action-table.data.json" with { type: "json" };
import { actionTable } from "../../../core/iam/action-table.ts";
import rows from "../../../core/iam/authorisation.data.json" with { type: "json" };
import { authorisation } from "../../../core/iam/authorisation.ts";
import known from "../../../core/iam/escalation-paths.data.json" with { type: "json" };
import { escalationPaths } from "../../../core/iam/reach/escalation-path.ts";

/** The tables that composition roots pass in. */
export const table = actionTable(actions);
export const paths = escalationPaths(known);
export const authorise = authorisation(rows, table);
export const modelProfiles = rows.profiles.prefixes;
