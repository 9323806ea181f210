import type { MetadataStore } from '../../engine/ports/engine.ts'
import { type QuotaProblems, quotaSentence } from '../../metrics/quota-problems.ts'
import { type Bucket, bucketDocument, updateBucket } from '../buckets/bucket.ts'
import { bucketKey } from '../documents.ts'
import { quotaExceeded } from '../exceptions.ts'
import type { BucketUsage } from './bucket-usage.ts'

/** What is to come into a bucket. */
export interface Growth {
  readonly bytes: number
  /** What goes with it: the object that is replaced, the parts that the object is made of. */
  readonly lessBytes?: number
}

/** Throws QuotaExceeded when a bucket may not grow so far. */
export type AdmitToBucket = (bucket: Pick<Bucket, 'name' | 'quotaBytes'>, growth: Growth) => Promise<void>

export function createBucketQuotas(usage: BucketUsage, problems: QuotaProblems): AdmitToBucket {
  const usedBytes = (name: string) => {
    const { bytes, uploadBytes } = usage.of(name)
    return bytes + uploadBytes
  }
  const hasRoom = async (bucket: string, moreBytes: number) => {
    const { quotaBytes } = (await bucketOf(usage.metadata, bucket)) ?? {}
    return quotaBytes === undefined || usedBytes(bucket) + moreBytes <= quotaBytes
  }
  return async ({ name, quotaBytes }, { bytes, lessBytes = 0 }) => {
    const moreBytes = bytes - lessBytes
    if (quotaBytes === undefined || moreBytes <= 0) return
    await usage.counted(name)
    const used = usedBytes(name)
    if (used + moreBytes <= quotaBytes) return
    const met = { where: `bucket ${name}`, quotaBytes, usedBytes: used, moreBytes }
    problems.met({ ...met, hasRoom: (more) => hasRoom(name, more) })
    throw quotaExceeded(name, quotaSentence(met), quotaBytes)
  }
}

const bucketOf = async (metadata: MetadataStore, name: string) =>
  (await bucketDocument.getUndamaged(metadata, bucketKey(name)))?.value

/** Of `undefined` there is none any more. Throws NoSuchBucket, or AccessDenied for another account's. */
export const setBucketQuota = (
  { metadata }: { readonly metadata: MetadataStore },
  { name, account }: { readonly name: string; readonly account: string },
  quotaBytes: number | undefined,
): Promise<unknown> =>
  updateBucket({ metadata }, { Bucket: name }, { account }, ({ quotaBytes: _, ...bucket }) => ({
    ...bucket,
    ...(quotaBytes !== undefined && { quotaBytes }),
  }))
