import { describe } from "vitest";
import { sqliteFacts } from "../../../adapters/local/policy-store.ts";
import { sqliteActivity } from "../../../adapters/local/sqlite-activity.ts";
import { sqliteGrants } from "../../../adapters/local/sqlite-grants.ts";
import { sqliteLater } from "../../../adapters/local/sqlite-later.ts";
import { sqliteLedger } from "../../../adapters/local/sqlite-ledger.ts";
import { sqliteSessions } from "../../../adapters/local/sqlite-sessions.ts";
import { sqliteWindows } from "../../../adapters/local/sqlite-windows.ts";
import { systemClock } from "../../../adapters/local/system-clock.ts";
import { activityStoreContract } from "../../contracts/activity-store.contract.ts";
import { clockContract } from "../../contracts/clock.contract.ts";
import { factSourceContract } from "../../contracts/fact-source.contract.ts";
import { grantStoreContract } from "../../contracts/grant-store.contract.ts";
import { laterContract } from "../../contracts/later.contract.ts";
import { ledgerContract } from "../../contracts/ledger.contract.ts";
import { sessionStoreContract } from "../../contracts/session-store.contract.ts";
import { windowStoreContract } from "../../contracts/window-store.contract.ts";
import { storeFolder } from "./store-folder.ts";

const { open } = storeFolder();

describe("sessions on disk", () => sessionStoreContract(() => sqliteSessions(open())));
describe("grants on disk", () => grantStoreContract(() => sqliteGrants(open())));
describe("windows on disk", () => windowStoreContract(() => sqliteWindows(open())));
describe("activity on disk", () => activityStoreContract(() => sqliteActivity(open())));
describe("later on disk", () => laterContract(() => sqliteLater(open())));
describe("facts on disk", () => factSourceContract(() => sqliteFacts(open())));
describe("a ledger on disk", () => ledgerContract(() => sqliteLedger(open())));
describe("the system's clock", () => clockContract(systemClock));
