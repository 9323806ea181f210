import type { Cancel } from '../../clock/clock.ts'
import { inBackground } from '../../engine/ports/background.ts'
import type { DocumentKind } from '../../engine/ports/document.ts'
import { untilCommitted } from '../../engine/ports/update.ts'
import { type Bucket, bucketDocument } from '../buckets/bucket.ts'
import { abortionOf, DAY_MS, expiryOf, type LifecycleRule } from '../buckets/lifecycle.ts'
import { bucketKey, bucketsPrefix, objectsPrefix, uploadsPrefix, versionsPrefix } from '../documents.ts'
import { endedUpload, type Upload, uploadDocument } from '../multipart-upload.ts'
import { byLifecycle } from '../notifications/cause.ts'
import type { CurrentObject } from '../objects/commit.ts'
import { deleteObjects } from '../objects/delete.ts'
import { objectDocument, type StoredObject } from '../objects/stored-object.ts'
import { versionDocument } from '../objects/versions/kept-version.ts'
import type { S3 } from '../s3.ts'
import { expiringVersions } from './expire-versions.ts'

const PAGE = 500

/**
 * Removes what the buckets' lifecycle rules let go: now, and at each midnight (UTC) of the clock. Every removal finds
 * what it removes unchanged, so that it does no harm when several processes do this at once.
 */
export function startExpiring(s3: S3): { close(): Promise<void> } {
  const { clock, problems } = s3
  const closing = new AbortController()
  let cancel: Cancel = () => undefined
  const expiring = inBackground(problems, {
    where: "the expiry of S3's objects",
    meanwhile: 'what lifecycle rules let go is still there',
    work: () => expire(s3, closing.signal),
  })
  const run = () => {
    // What is over stays over, whichever midnight finds it.
    cancel = clock.lookAt((Math.floor(clock.now() / DAY_MS) + 1) * DAY_MS, run)
    return expiring.run()
  }
  cancel = clock.at(clock.now(), run)
  return {
    async close() {
      closing.abort()
      cancel()
      await expiring.close()
    },
  }
}

/** What is due by now, in every bucket: one in which something fails keeps it from no other. Rejects with what failed first. */
export async function expire(s3: S3, signal: AbortSignal): Promise<void> {
  const buckets = await bucketDocument.list(s3.metadata, { prefix: bucketsPrefix, damaged: 'left out' })
  const failures: unknown[] = []
  for (const { value: bucket } of buckets)
    if (bucket.lifecycleRules)
      await expireIn({ s3, bucket, signal }).catch((failure) => failures.push(failure))
  s3.collector.wake()
  if (failures.length > 0) throw failures[0]
}

async function expireIn(pages: Pages): Promise<void> {
  const { s3, bucket } = pages
  await eachPage(pages, objectDocument, objectsPrefix(bucket.name), (rules, page) =>
    expireObjects(s3, bucket.name, rules, page),
  )
  if (bucket.versioning) {
    const expiring = expiringVersions(s3, bucket.name)
    await eachPage(pages, versionDocument, versionsPrefix(bucket.name), expiring)
  }
  await eachPage(pages, uploadDocument, uploadsPrefix(bucket.name), (rules, page) =>
    abortUploads(s3, rules, page),
  )
}

interface Pages {
  readonly s3: S3
  readonly bucket: Bucket
  readonly signal: AbortSignal
}

/** Ends early when the bucket is no longer the same, or has no rules any more. */
async function eachPage<T>(
  { s3: { metadata }, bucket: { name, id }, signal }: Pages,
  kind: DocumentKind<T>,
  prefix: string,
  act: (rules: readonly LifecycleRule[], page: readonly { key: string; value: T }[]) => Promise<void>,
): Promise<void> {
  let after = prefix
  while (!signal.aborted) {
    const bucket = (await bucketDocument.get(metadata, bucketKey(name)))?.value
    const page = await kind.list(metadata, { prefix, after, limit: PAGE, damaged: 'left out' })
    const last = page.at(-1)
    if (bucket?.id !== id || !bucket.lifecycleRules || !last) return
    await act(bucket.lifecycleRules, page)
    after = last.key
  }
}

async function expireObjects(
  s3: S3,
  bucket: string,
  rules: readonly LifecycleRule[],
  page: readonly { key: string; value: StoredObject }[],
): Promise<void> {
  const now = s3.clock.now()
  const isDue = ({ key }: { readonly key: string }, { value: object }: Pick<CurrentObject, 'value'>) => {
    const expiry = object && expiryOf(rules, { ...object, key })
    return expiry !== undefined && expiry.at <= now
  }
  const home = objectsPrefix(bucket)
  const keys = page.map(({ key, value }) => ({ key: key.slice(home.length), value }))
  const targets = keys.filter(({ key, value }) => isDue({ key }, { value })).map(({ key }) => ({ key }))
  if (targets.length > 0) await deleteObjects(s3, { bucket, targets, cause: byLifecycle(s3), mayGo: isDue })
}

async function abortUploads(
  s3: S3,
  rules: readonly LifecycleRule[],
  page: readonly { key: string; value: Upload }[],
): Promise<void> {
  const now = s3.clock.now()
  for (const { key, value } of page) {
    const abortion = abortionOf(rules, value)
    if (abortion === undefined || abortion.at > now) continue
    await untilCommitted(async () => {
      const upload = await uploadDocument.get(s3.metadata, key)
      if (upload) await s3.metadata.commit(endedUpload(s3, upload))
    })
  }
}
