import type { MetadataStore } from '../engine/ports/engine.ts'
import { STREAM_KEYS } from '../kinesis/stream-ref.ts'
import { streamDocument } from '../kinesis/streams/stream.ts'
import { bucketDocument } from '../s3/buckets/bucket.ts'
import { bucketsPrefix } from '../s3/documents.ts'

/** What has a policy of its own, as a user names it. */
export async function storedPolicies(metadata: MetadataStore): Promise<string[]> {
  const limit = Number.POSITIVE_INFINITY
  const buckets = await bucketDocument.listWanted(
    metadata,
    { prefix: bucketsPrefix, limit },
    ({ value }) => value.policy !== undefined,
  )
  const streams = await streamDocument.listWanted(metadata, { prefix: STREAM_KEYS, limit }, ({ value }) =>
    [value, ...value.consumers].some(({ policy }) => policy !== undefined),
  )
  return [
    ...buckets.map(({ value }) => `bucket ${value.name}`),
    ...streams.flatMap(({ key, value }) => {
      const stream = `stream ${key.split('/').at(-1)}`
      const consumers = value.consumers.filter(({ policy }) => policy !== undefined)
      return [
        ...(value.policy === undefined ? [] : [stream]),
        ...consumers.map(({ consumerName }) => `consumer ${consumerName} of ${stream}`),
      ]
    }),
  ]
}
