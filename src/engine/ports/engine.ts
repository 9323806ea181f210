import type { SecretBox } from './secret-box.ts'

/**
 * The ports to what lasts. Everything above (streams, delivery, objects) is written against these interfaces
 * alone; every engine passes the same contract suites (test/engine/contract/). Several processes may have one store
 * open, each through an engine of its own: what one has done the others see, those of its calls that were answered
 * first (test/engine/contract/two-openings.ts).
 */

/**
 * Position of one entry: opaque, a safe integer, strictly increasing within a group, gaps of any width allowed, never
 * reused as long as the group is there. It tells no time.
 */
export type Position = number

/** group: a Kinesis stream, or a Direct PUT delivery stream. log: a shard. */
export interface LogId {
  readonly group: string
  readonly log: string
}

export interface LogEntry {
  readonly position: Position
  readonly data: Uint8Array
}

/**
 * A gap-free piece of what is left of a log: what lies in a damaged place is left out, and said to the engine's
 * problems.
 */
export interface Slice {
  readonly entries: readonly LogEntry[]
  /** Where the next read goes on. */
  readonly next: Position
  /** The seal was read: nothing will ever follow. */
  readonly sealed: boolean
  /** Nothing readable lay behind `entries` when they were read. */
  readonly atTip: boolean
  /** Entries lay between `from` and what could be read that cannot be read: aged out, trimmed, or damaged. */
  readonly skipped?: true
  /** Takes back the memory of `entries`, which nobody looks at from then on; nobody has to. Absent where it is others', too. */
  readonly release?: () => void
}

/** A retention that nothing ever outlives: what is in the group is given back by trims alone. */
export const FOREVER_MS = Number.MAX_SAFE_INTEGER

export interface GroupOptions {
  readonly retentionMs: number
  /** What was appended before this moment (ms since 1970) is not read, however long the retention is. */
  readonly readableFrom?: number
}

export interface LogStore {
  /** `entries` and `appendBytes` of one append; Infinity where there is no such limit. */
  readonly limits: { readonly entryBytes: number; readonly appendBytes: number; readonly entries: number }
  /** Idempotent; also changes what can be read; the others who have the store open may see that a little later. */
  ensureGroup(group: string, options: GroupOptions): Promise<void>
  /** Forgets the group's entries for good; idempotent. */
  dropGroup(group: string): Promise<void>
  /**
   * Resolves when durable; the entries are contiguous (`first`, `first + 1`, …) and in order. Concurrent appends
   * are coalesced by the engine. Rejects with LogSealed, NoSuchGroup, TooLarge, Overloaded, StorageFull, or Unavailable.
   */
  append(id: LogId, entries: readonly Uint8Array[]): Promise<{ first: Position }>
  /**
   * In order from `from` until a limit is met (at least one entry if there is one). Entries older than the
   * group's retention or trimmed are left out, and so are those that lie in a damaged place: `next` is behind them.
   * Entries may be views into larger buffers: copy what is kept for long. Rejects with NoSuchGroup.
   */
  read(id: LogId, from: Position, limits: { entries: number; bytes: number }): Promise<Slice>
  /** Resolves when something at or after `from` may be readable, or the signal aborts. A hint: may be early. */
  wait(id: LogId, from: Position, signal: AbortSignal): Promise<void>
  /** `newest`: after the last entry. `time` (ms since 1970): the first entry appended at or after it. */
  seek(id: LogId, at: 'oldest' | 'newest' | { readonly time: number }): Promise<Position>
  /** The last entry: every successful append lies before it, every later one rejects with LogSealed. Idempotent. */
  seal(id: LogId): Promise<Position>
  /** Entries before `before` may be given back; they are no longer read. */
  trim(id: LogId, before: Position): Promise<void>
  /** How much a group's entries take that can be read now, about; 0 where there is no such group. Reads nothing. */
  bytesOf(group: string): number
}

/**
 * Grows with every change of the store, by any number; the same for all documents of one commit; never reused: a fencing
 * token.
 */
export type Revision = number

/**
 * A small document: plain JSON values, and bytes as Uint8Array. Bytes are their reader's own; the rest may be shared
 * with other readers and is frozen then.
 */
export interface Document<T> {
  readonly key: string
  readonly value: T
  readonly revision: Revision
}

/** One step of a commit. `expect`: the revision that must still be there, or that the key must be absent. */
export type Change =
  | { readonly put: string; readonly value: unknown; readonly expect?: Revision | 'absent' }
  | { readonly delete: string; readonly expect?: Revision }
  | { readonly check: string; readonly expect: Revision | 'absent' }

export interface ListRange {
  readonly prefix: string
  readonly from?: string
  readonly after?: string
  readonly limit?: number
  readonly damaged?: 'left out'
}

export interface MetadataStore {
  /** `documentBytes` of one document, encoded; `changes` in one commit, Infinity where any number is taken. */
  readonly limits: { readonly keyBytes: number; readonly documentBytes: number; readonly changes: number }
  /**
   * What this process sees: all that it has committed itself, and what others have as of a moment ago (`barrier`).
   * Rejects with Damaged when what is stored is not what was written. Undefined under a key that no document can have, too:
   * keys are asked for as clients write them.
   */
  get<T = unknown>(key: string): Promise<Document<T> | undefined>
  /**
   * As of one moment, in the order of the keys' UTF-8 bytes: those that start with `prefix`, at or after `from`, behind `after`.
   * Rejects with Damaged, for who must know all; those for whom one damaged document must not hide the others have
   * it `left out`, which the engine says to its problems.
   */
  list<T = unknown>(range: ListRange): Promise<Document<T>[]>
  /**
   * All or nothing; resolves when durable, with the revision of every document it put. Rejects with Conflict, after which
   * what stood in the way is seen here; with TooLarge, StorageFull, or Unavailable.
   * A damaged document is put over and deleted like any other: commits do not look into what is there.
   */
  commit(changes: readonly Change[]): Promise<Revision>
  /** Resolves when all that anybody had committed before is seen here: before something is said not to be there. */
  barrier(): Promise<void>
  /**
   * Says that what was read under a key is damaged, though it is what was written: it is not what such a document holds.
   * The error to answer with. The store says so until it is put over or deleted.
   */
  condemn(key: string): EngineError
  /**
   * Calls `changed` with a key after it was put or deleted, by whomever, and that is seen here; until the signal aborts.
   * Several changes of a key may be told once.
   */
  watch(prefix: string, changed: (key: string) => void, signal: AbortSignal): void
}

/** What a blob's bytes are known by; to be kept where its id is kept. */
export interface BlobContents {
  readonly sizeBytes: number
  /** CRC32C of each MiB, the last one of what is left. Absent for blobs that were written before there were any. */
  readonly checksums?: readonly number[]
}

export interface FinishedBlob extends BlobContents {
  readonly id: string
  readonly checksums: readonly number[]
}

/** Bytes while they are being written; visible to nobody until `finish` has given them an id. */
export interface BlobWriter {
  /** Resolves when more may be written (backpressure). The chunk may be reused afterwards. */
  write(chunk: Uint8Array): Promise<void>
  /** Resolves when the bytes are durable. */
  finish(): Promise<FinishedBlob>
  abort(): Promise<void>
}

/** Where everything of an engine lies, and how much more it can take. */
export interface Space {
  /** All that the engine keeps, with what it needs for itself. */
  readonly usedBytes: number
  /** Of `usedBytes`, the log's files, the metadata's pages and the blobs; `blobs` grows while they are still being counted. */
  readonly parts: { readonly log: number; readonly metadata: number; readonly blobs: number }
  /** Free where it lies. */
  readonly freeBytes: number
  /** What it may use at most, where that is bounded. */
  readonly limitBytes?: number
  /** Until writes are refused. */
  readonly roomBytes: number
}

/** Immutable bytes under random ids. What an id means, and whether it is still wanted, the metadata says. */
export interface BlobStore {
  create(): Promise<BlobWriter>
  /** Rejects with StorageFull where there is no room for so many bytes, which will lie elsewhere: in a document. */
  admit(bytes: number): Promise<void>
  /**
   * `end` is exclusive; the pieces are the reader's own, and verified: a byte that is not what was written is never
   * given out. Rejects with NoSuchBlob; with Damaged when the blob's length or the first MiB that the range touches
   * is not as in `contents`. A later one breaks the reading off with Damaged. Goes on to read to the end even if the
   * blob is deleted meanwhile.
   */
  read(
    id: string,
    range: { readonly start: number; readonly end: number },
    contents: BlobContents,
  ): Promise<AsyncIterable<Uint8Array>>
  /** Takes back a piece that its reader will not look at again; nobody has to. */
  release(piece: Uint8Array): void
  /** Reads all of it. Rejects with NoSuchBlob, or Damaged. */
  verify(id: string, contents: BlobContents): Promise<void>
  /** A second id for the same bytes, deleted independently. */
  copy(id: string): Promise<string>
  /** Idempotent. */
  delete(id: string): Promise<void>
  /**
   * For the sweep of orphans at start: every id of which nobody is still to say that it is wanted, as they were finished
   * before this engine opened, and nobody else has the store open. None at all where that is not known, and in a life
   * that began with something missing, so that nothing is swept by documents that are lost.
   */
  list(): AsyncIterable<string>
}

/** Is told what is wrong as it comes and goes; what is said again with the same code and place replaces the former. */
export interface EngineProblems {
  report(problem: { readonly code: string; readonly where: string; readonly what: string }): void
  solved(code: string, where: string): void
}

export interface BackupOptions {
  /** The key that the secrets among the metadata are sealed with is copied too: without it they cannot be used there. */
  readonly withKeys?: boolean
}

/** A copy of all that is durable at one moment. Constant files may be hard links: they cost nothing. */
export interface Backup {
  /** Absolute. */
  readonly directory: string
  readonly copiedFiles: number
  readonly copiedBytes: number
  readonly linkedFiles: number
}

export interface Engine {
  readonly logs: LogStore
  readonly metadata: MetadataStore
  readonly blobs: BlobStore
  readonly secrets: SecretBox
  /** As it is now: costs a look at the disk. */
  space(): Promise<Space>
  /**
   * Reads and verifies the next file of the log behind the number `after`; what is damaged in it is said to the engine's
   * problems. Undefined behind the last one. Absent where nothing lies on a disk.
   */
  verifyNext?(after: number): Promise<{ readonly number: number; readonly bytes: number } | undefined>
  /** Looks again at what nobody would notice without writing, and says it to the engine's problems. Rejects with Closed. */
  checkHealth(): Promise<void>
  /**
   * Why nothing more of anybody's data is stored: there is no room, or the disk failed. Reads go on, and so do deletions
   * and small documents as long as there is any room at all. Undefined while all is taken.
   */
  refusal(): EngineError | undefined
  /**
   * Copies everything into a directory that is empty or not there yet, and that opens like the engine's own folder. All
   * goes on meanwhile. Rejects with BackupError. Absent where nothing is kept.
   */
  readonly backUp?: (directory: string, options?: BackupOptions) => Promise<Backup>
  /** Waits for what is under way; afterwards every call rejects. */
  close(): Promise<void>
}

export type EngineErrorCode =
  | 'LogSealed'
  | 'NoSuchGroup'
  | 'TooLarge'
  | 'StorageFull'
  | 'Overloaded'
  | 'Conflict'
  /** Of `untilCommitted`: it met Conflict too often. */
  | 'Contended'
  | 'Unavailable'
  | 'NoSuchBlob'
  | 'Damaged'
  | 'Closed'

/**
 * What an engine rejects with; the code says which promise of its port was not kept. Nothing was done then, but where it
 * is Unavailable: it may have been, or still be, and nobody can say.
 */
export class EngineError extends Error {
  readonly code: EngineErrorCode
  /** Where it is Damaged: the first byte that is not known to be right. */
  readonly at: number | undefined
  constructor(code: EngineErrorCode, message: string, at?: number) {
    super(message)
    this.name = 'EngineError'
    this.code = code
    this.at = at
  }
}

export const isEngineError = (error: unknown, code: EngineErrorCode): error is EngineError =>
  error instanceof EngineError && error.code === code
