import type { Clock } from '../clock/clock.ts'
import type { Random } from '../clock/random.ts'
import type { BlobStore, MetadataStore } from '../engine/ports/engine.ts'
import type { Meters } from '../metrics/meters.ts'
import { type Problems, unheardProblems } from '../metrics/problems.ts'
import { type QuotaProblems, unheardQuotas } from '../metrics/quota-problems.ts'
import { operationOf } from '../service/operation.ts'
import { type Collector, createCollector, sweepOrphans } from './content/garbage.ts'
import { createReaders, type Readers } from './content/readers.ts'
import { createSmallContents, type SmallContents } from './content/small-contents.ts'
import { createMd5Lanes, type Md5 } from './md5/md5-lanes.ts'
import { discardUploads } from './multipart-upload.ts'
import { createOutbox, type Outbox } from './notifications/outbox.ts'
import { noTargets, type Targets } from './notifications/targets.ts'
import { createDamage, type Damage } from './objects/damage.ts'
import { type AdmitToBucket, createBucketQuotas } from './usage/bucket-quota.ts'
import { type BucketUsage, openBucketUsage } from './usage/bucket-usage.ts'

export interface S3Options {
  readonly metadata: MetadataStore
  readonly blobs: BlobStore
  readonly clock: Clock
  readonly random: Random
  readonly meters: Meters
  /** Where damaged objects are said; nowhere if absent. */
  readonly problems?: Problems
  /** Where quotas are said that are met; nowhere if absent. */
  readonly quotas?: QuotaProblems
  /** Who can be told of events; nobody if absent. */
  readonly targets?: Targets
  /** What went wrong in the background. */
  readonly onError?: (error: unknown) => void
}

/** What S3's operations work with. */
export interface S3 extends S3Options {
  /** Counts what is put into buckets: for all who do. */
  readonly metadata: MetadataStore
  readonly usage: BucketUsage
  readonly admitToBucket: AdmitToBucket
  readonly collector: Collector
  readonly outbox: Outbox
  readonly targets: Targets
  readonly readers: Readers
  readonly damage: Damage
  readonly smallContents: SmallContents
  /** Uploads that come at the same time are hashed side by side. */
  readonly newMd5: () => Md5
  /** For what is named by chance alone. */
  readonly newId: () => string
  /** As S3 tells time: ms since 1970 in whole seconds. */
  readonly nowSecond: () => number
}

export const operation = operationOf<S3>()

export function createS3(options: S3Options): S3 {
  const readers = createReaders(() => collector.wake())
  const collector = createCollector(options, readers)
  const usage = openBucketUsage(options.metadata, options.onError ?? (() => undefined))
  const newId = () => Buffer.from(options.random.bytes(16)).toString('hex')
  return {
    ...options,
    ...{ targets: options.targets ?? noTargets, outbox: createOutbox({ clock: options.clock, newId }) },
    metadata: usage.metadata,
    usage,
    admitToBucket: createBucketQuotas(usage, options.quotas ?? unheardQuotas),
    collector,
    readers,
    damage: createDamage(options.problems ?? unheardProblems),
    smallContents: createSmallContents(options.metadata),
    newMd5: createMd5Lanes(),
    newId,
    nowSecond: () => Math.floor(options.clock.now() / 1000) * 1000,
  }
}

/** Gives back what a crash left: garbage, uploads of deleted buckets, and blobs that no commit took. */
export async function recoverS3(s3: S3): Promise<void> {
  await discardUploads(s3)
  await s3.collector.idle()
  await sweepOrphans(s3)
}
