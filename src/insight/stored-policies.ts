import type { MetadataStore } from '../engine/ports/engine.ts'
import { type Entity, roleDocument, userDocument } from '../iam/entities/entity.ts'
import { policyDocument } from '../iam/policies/managed-policy.ts'
import { STREAM_KEYS } from '../kinesis/stream-ref.ts'
import { streamDocument } from '../kinesis/streams/stream.ts'
import { bucketDocument } from '../s3/buckets/bucket.ts'
import { bucketsPrefix } from '../s3/documents.ts'

const limit = Number.POSITIVE_INFINITY

/** What has a policy of its own, or is one, as a user names it. */
export async function storedPolicies(metadata: MetadataStore): Promise<string[]> {
  const found = [ofBuckets, ofStreams, ofIam].map((ofThem) => ofThem(metadata))
  return (await Promise.all(found)).flat()
}

async function ofBuckets(metadata: MetadataStore): Promise<string[]> {
  const range = { prefix: bucketsPrefix, limit }
  const buckets = await bucketDocument.listWanted(metadata, range, ({ value }) => value.policy !== undefined)
  return buckets.map(({ value }) => `bucket ${value.name}`)
}

async function ofStreams(metadata: MetadataStore): Promise<string[]> {
  const streams = await streamDocument.listWanted(metadata, { prefix: STREAM_KEYS, limit }, ({ value }) =>
    [value, ...value.consumers].some(({ policy }) => policy !== undefined),
  )
  return streams.flatMap(({ key, value }) => {
    const stream = `stream ${key.split('/').at(-1)}`
    const consumers = value.consumers.filter(({ policy }) => policy !== undefined)
    return [
      ...(value.policy === undefined ? [] : [stream]),
      ...consumers.map(({ consumerName }) => `consumer ${consumerName} of ${stream}`),
    ]
  })
}

/** Every role has one, which says who may assume it. */
async function ofIam(metadata: MetadataStore): Promise<string[]> {
  const users = await userDocument.listWanted(metadata, { prefix: userDocument.keys, limit }, ({ value }) =>
    isHeld(value),
  )
  const range = { limit, damaged: 'left out' } as const
  const roles = await roleDocument.list(metadata, { prefix: roleDocument.keys, ...range })
  const policies = await policyDocument.list(metadata, { prefix: policyDocument.keys, ...range })
  return [
    ...users.map(({ value }) => `user ${value.name}`),
    ...roles.map(({ value }) => `role ${value.name}`),
    ...policies.map(({ value }) => `policy ${value.name}`),
  ]
}

const isHeld = ({ policies = {}, attached = [], boundary }: Entity): boolean =>
  Object.keys(policies).length > 0 || attached.length > 0 || boundary !== undefined
