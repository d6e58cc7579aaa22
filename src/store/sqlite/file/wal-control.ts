import type { Driver } from "../driver.ts";

/** A log longer than this is cut, and if that cannot be, complained about (S13). */
const WAL_BYTES_MAX = 64 * 1024 * 1024;
const PAGE_BYTES = 4096;
/** Waves between two looks: at 10 pages a wave the log has grown by some 10 MB. */
const WAVES_BETWEEN_LOOKS = 256;

/** Keeps the write-ahead log from growing without end under readers that do not let go. */
export class WalControl {
  readonly #driver: Driver;
  readonly #bytesMax: number;
  #waves = 0;
  #complaint: string | null = null;

  constructor(driver: Driver, bytesMax: number = WAL_BYTES_MAX) {
    this.#driver = driver;
    this.#bytesMax = bytesMax;
  }

  /** What is wrong with the log, for `check`. */
  get complaint(): string | null {
    return this.#complaint;
  }

  /** After each wave, outside its transaction. */
  afterWave(): void {
    this.#waves += 1;
    if (this.#waves % WAVES_BETWEEN_LOOKS === 0) this.look();
  }

  /** Never throws: what was committed stays committed, whatever becomes of the log. */
  look(): void {
    try {
      this.#look();
    } catch (error) {
      this.#complaint = `the write-ahead log cannot be cut: ${error instanceof Error ? error.message : String(error)}`;
    }
  }

  #look(): void {
    const length = this.#checkpoint("pragma wal_checkpoint(passive)");
    this.#complaint = null;
    if (length <= this.#bytesMax) return;
    const rest = this.#truncate();
    if (rest <= this.#bytesMax) return;
    this.#complaint = `the write-ahead log is ${Math.ceil(rest / 1024 / 1024)} MB long, and a reader keeps it from being cut: end the commands that read this store`;
  }

  /** Without waiting for readers: the process would stand still meanwhile (S5). */
  #truncate(): number {
    this.#driver.exec("pragma busy_timeout = 0");
    try {
      return this.#checkpoint("pragma wal_checkpoint(truncate)");
    } finally {
      this.#driver.exec("pragma busy_timeout = 5000");
    }
  }

  #checkpoint(sql: string): number {
    const row = this.#driver.find<{ log: number }>(sql);
    return Math.max(row?.log ?? 0, 0) * PAGE_BYTES;
  }
}
