import type { Act } from "../command.ts";
import { EXIT } from "../exit-code.ts";
import type { Given } from "../given.ts";
import type { Face } from "../screen/face.ts";
import { visible, visibleJson } from "../screen/visible.ts";
import { openReader, type Reading } from "../store/open-reader.ts";
import { demandStore, placeName, storePlace } from "../store/store-place.ts";
import { checkArtifacts } from "./check-artifacts.ts";
import { checkHistories } from "./check-histories.ts";
import { checkClock, checkRequests, checkWorkers } from "./check-life.ts";
import { well, wrong, type Finding } from "./finding.ts";
import { lookAtFile } from "./look-at-file.ts";
import { lookAtServer } from "./look-at-server.ts";

/** Looks a store over and says that all is well, or what is not. */
export const doctor: Act = async (given, face) => {
  const place = storePlace(given);
  demandStore(place);
  const foundation = place.kind === "file" ? lookAtFile(place.path) : await lookAtServer(place.url);
  const seen = foundation.isReadable ? await lookInside(given) : NOTHING_SEEN;
  const findings = [...foundation.findings, ...seen.findings];
  const ok = findings.every(({ level }) => level !== "wrong");
  if (given.flag("json")) {
    const { store = placeName(place), owner, workers } = seen;
    const { settings } = foundation;
    face.data(visibleJson({ ok, store, owner, workers, settings, findings }, 2));
  } else {
    for (const finding of findings) face.data(line(finding, face));
    face.data(ok ? "all is well" : "something is wrong");
  }
  return ok ? EXIT.done : EXIT.notCompleted;
};

interface Seen {
  readonly findings: readonly Finding[];
  readonly store?: string;
  readonly owner: ReturnType<Reading["findOwner"]>;
  readonly workers: Awaited<ReturnType<Reading["findCarriers"]>>;
}

const NOTHING_SEEN: Seen = { findings: [], owner: null, workers: [] };

async function lookInside(given: Given): Promise<Seen> {
  await using reading = await openReader(given);
  const { stores, runtime, contents } = reading;
  const { store } = reading.plans;
  const now = runtime.now();
  const owner = reading.findOwner();
  const workers = await reading.findCarriers();
  // On a server somebody may be about to name what was just put, whoever is at work.
  const around = { now, owned: owner !== null || !reading.exclusive };
  const findings = [
    ...(await checkIntegrity(reading)),
    ...(await checkHistories(store)),
    ...(await checkArtifacts(stores, store.tenantId, contents, around)),
    ...(await checkWorkers(reading, workers)),
    ...(await checkRequests(store, now)),
    ...(await checkClock(store, now)),
  ];
  return { findings, store: stores.description, owner, workers };
}

async function checkIntegrity({ stores, exclusive }: Reading): Promise<readonly Finding[]> {
  const problems = await stores.check();
  if (problems.length > 0) return problems.map((problem) => wrong("integrity", problem));
  const what = exclusive ? "the file, every hash chain" : "every hash chain";
  return [well("integrity", `${what} and every row agree with the events`)];
}

const LEVELS = {
  well: { word: "ok   ", format: "green" },
  note: { word: "note ", format: "yellow" },
  wrong: { word: "WRONG", format: "red" },
} as const;

function line({ check, level, message }: Finding, face: Face): string {
  const { word, format } = LEVELS[level];
  const [first = "", ...more] = message.split("\n").map(visible);
  // Statements to be copied stand on lines of their own.
  return [`${face.paint(format, word)}  ${check}: ${first}`, ...more].join("\n       ");
}
