import type { Random } from '../clock/random.ts'
import type { ReadableKind } from '../engine/ports/document.ts'
import type { Document, LogId, MetadataStore } from '../engine/ports/engine.ts'
import type { CompressionFormat } from './compressions.ts'
import type { Place } from './destination.ts'
import type { Delivered, OutletKind } from './lineage/manifest.ts'
import type { Content } from './reading/log-range.ts'
import type { Step } from './step.ts'

/**
 * What is to be moved from where to where: what delivery knows of a delivery stream or a channel. Made of its document
 * whenever that is read, and never stored.
 */
export interface Job extends JobName {
  /** Its own for each creation: what it has done, and what waits for it, is kept under it. */
  readonly id: string
  /** What else it may be asked for by. */
  readonly alias?: string
  readonly arn: string
  /** As it is shown. */
  readonly type: string
  /** As problems say it. */
  readonly where: string
  /** Where its document is. */
  readonly documentKey: string
  /** Grows with every change of it. */
  readonly version: number
  /** From then on it is no more, ms since 1970. */
  readonly goneAt?: number
  readonly source: Source
  /** Present where each record goes its own way: records are processed and kept again before they are delivered. */
  readonly stage?: StagePlan
  /** The source's records are delivered a second time, as they are. */
  readonly hasBackup: boolean
  /** How what leaves by an outlet is delivered now. */
  planOf(outlet: { readonly kind: OutletKind; readonly errorOutputType?: string }): Plan
  /** The hints for what began to be buffered at `oldestArrival`: a change of them is for what comes after it. */
  hintsOf(kind: OutletKind, oldestArrival: number): Hints
  readonly meters: JobMeters
}

export interface JobName {
  readonly account: string
  readonly region: string
  readonly name: string
}

export type Source =
  /** The job's own, which it fills. */
  | { readonly log: LogId }
  | {
      readonly streamArn: string
      /** The role by which it is read, where one is given. */
      readonly roleArn?: string
      /** What the KPL has put together is taken apart. */
      readonly isDeAggregated: boolean
    }

export const isDeAggregated = ({ source }: Pick<Job, 'source'>): boolean =>
  'streamArn' in source && source.isDeAggregated
export const streamArnOf = ({ source }: Pick<Job, 'source'>): string | undefined =>
  'streamArn' in source ? source.streamArn : undefined

export interface StagePlan {
  /** What the processors are set to: kept with a batch that was begun, which is repeated as it was. */
  readonly processing: object
  stepsOf(processing: object): readonly Step[]
  /** Each set of keys has its own outlet. */
  readonly isPartitioned: boolean
  /** Error records say which shard and sequence number their record had. */
  readonly namesSource: boolean
  /** What problems say of a user's program; absent where there is none. */
  readonly program?: { readonly isSuspended: string; readonly isUnfinished: string }
}

/** What decides where a batch goes and what its bytes are. */
export interface Plan {
  /** Its type. */
  readonly destination: string
  readonly placeOf: (batch: NamedBatch, random: Pick<Random, 'bytes'>) => Place
  /** The role by which it is put, where one is given. */
  readonly roleArn?: string
  /** Its name. Absent: the records as they are. */
  readonly format?: string
  readonly compressionFormat: CompressionFormat
  /** Put after every record. */
  readonly delimiter?: Uint8Array
  /** How long a failing delivery is tried before its records go to the errors, ms. Absent: until it succeeds. */
  readonly retryMs?: number
}

export interface NamedBatch {
  /** What makes a name its own: a UUID. */
  readonly id: string
  /** When the oldest of its records arrived, ms since 1970. */
  readonly oldestArrival: number
  readonly partitionKeys?: Readonly<Record<string, string>>
}

export interface Hints {
  readonly sizeBytes: number
  readonly intervalMs: number
}

/** Counts what is delivered, in the words of whose job it is. */
export interface JobMeters {
  /** What was read counts once: reading it again after a crash is not ingesting it. */
  read(content: Pick<Content, 'records' | 'bytes' | 'billedBytes'>): void
  /** How far the source's readers are behind. */
  lag(lags: readonly { readonly lagMs: number }[]): void
  partitions(partitions: { readonly active: number; readonly isExceeded: boolean }): void
  /** `delivered` undefined: the attempt failed. */
  delivered(kind: OutletKind, delivered: Delivered | undefined): void
  /** So many were gone before they were processed: no delivery will say so. */
  unprocessed(records: number): void
}

/** A room's documents that are jobs for delivery. */
export type Jobs = ReadableKind<Job>

interface Reading {
  readonly metadata: Pick<MetadataStore, 'get' | 'condemn'>
  readonly jobs: readonly Jobs[]
}

const kindAt = ({ jobs }: Reading, key: string) => jobs.find(({ keys }) => key.startsWith(keys))

/** What stands under a key now; undefined when it is no job's, or no more there. */
export const readJob = async (reading: Reading, key: string): Promise<Document<Job> | undefined> =>
  await kindAt(reading, key)?.get(reading.metadata, key)

/** The same; a damaged document is one that is not there. */
export const readUndamagedJob = async (reading: Reading, key: string): Promise<Document<Job> | undefined> =>
  await kindAt(reading, key)?.getUndamaged(reading.metadata, key)
