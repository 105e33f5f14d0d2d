import type { ApiCall } from "../../event/event.ts";
import { attempted } from "../attempt.ts";
import type { AnnouncedVerdict } from "../deployments/announced-change.ts";
import { deployedBy } from "../deployments/deploy.ts";
import { gainSaid } from "./grant-said.ts";
import type { GrantSituation } from "./grant-severity.ts";

/** What a title says beside how grave it is. */
export interface Titled extends GrantSituation {
  readonly who: string;
  readonly unread: boolean;
  /** A user was put into a group. */
  readonly joins: boolean;
  /** The envelope of whoever is touched was the measure. */
  readonly declared: boolean;
  readonly announced: AnnouncedVerdict;
  readonly outcome: ApiCall["outcome"];
}

/** A title for a grant, done or tried. */
export function grantTitle({
  gain,
  who,
  unread,
  joins,
  declared,
  outside,
  self,
  lifted,
  provisioning,
  prepared,
  deployment,
  announced,
  outcome,
}: Titled): string {
  const tried = attempted(outcome);
  const excused = provisioning ? "; IAM Identity Center carries out a permission set" : deployedBy(deployment);
  const end = announced.kind === "not-announced" ? excused : `; ${announced.because}`;
  if (prepared) {
    const written = "a policy that allows everything, which nobody has yet";
    return tried ? `Somebody tried to write ${written}` : `Somebody wrote ${written}${end}`;
  }
  if (!gain.everything && gain.rows.length === 0) {
    if (unread && joins) {
      const into = `${who} into a group whose policies are not known`;
      return tried ? `Somebody tried to put ${into}` : `Somebody put ${into}${end}`;
    }
    const rights = unread
      ? `${who} a policy whose content is not known`
      : `${who} rights that ${gain.closed?.by ?? "something"} closes for now`;
    return tried ? `Somebody tried to give ${rights}` : `Somebody gave ${rights}${end}`;
  }
  const said = gainSaid(gain);
  const where = declared ? " (outside its envelope)" : outside ? ", given by a workload that is not declared to" : "";
  if (tried) return `Somebody tried to let ${who} ${said}${where}`;
  const may = self ? `${capital(who)} gave itself the right to ${said}` : `${capital(who)} may now ${said}`;
  return `${may}${lifted ? ", since a Deny was taken away" : ""}${where}${end}`;
}

/** Names stay as they are; our own words begin a sentence. */
const capital = (who: string): string =>
  /^(?:role|user|group|a|whoever) /.test(who) ? `${who.charAt(0).toUpperCase()}${who.slice(1)}` : who;
