export { Chance, chance } from "./chance.ts";
export { createFakeClock, type FakeClock } from "./create-fake-clock.ts";
export {
  createFaultyStores,
  FAULT_KINDS,
  NO_FAULTS,
  type FaultKind,
  type FaultRates,
  type FaultyStoresOptions,
} from "./faulty-stores.ts";
export { LedgerFile, readLedgerFile } from "./faults/ledger-file.ts";
export {
  startTcpProxy,
  type CommitCutCount,
  type CommitCutOptions,
  type TcpProxy,
  type TcpProxyOptions,
} from "./faults/tcp-proxy.ts";
export { witnessStores } from "./faults/witness-stores.ts";
export { findBrokenPromises } from "./find-broken-promises.ts";
export { given, TEST_PURE, type Given, type History, type Wish } from "./given.ts";
export { SimulatedClock } from "./simulated-clock.ts";
export { SimulatedRuntime, type SimulatedRuntimeOptions } from "./simulated-runtime.ts";
export { simulate, type SimulateOptions, type SimulationReport } from "./simulation/simulate.ts";
export { snapshotPlan } from "./snapshot-plan.ts";
export { storeContract, type StoreContractOptions } from "./store-contract.ts";
export { checkHistory, type HistoryContext } from "../core/history/check-history.ts";
export type { Violation } from "../core/history/violation.ts";
