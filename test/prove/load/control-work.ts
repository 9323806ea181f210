import { ABSENT, type Registers } from './questions.ts'
import type { Load } from './work.ts'
import { bucketArn, LAKE, RoleARN } from './world.ts'

const NAMES = 4
export const UNTAGGED = 'untagged'

/** Creates, tags, changes or deletes a stream, a delivery stream or a bucket. */
export async function changeControlPlane(load: Load): Promise<void> {
  const { random, expected } = load
  const kind = random.pick(['stream', 'delivery-stream', 'bucket'] as const)
  const name = `control-${kind}-${random.below(NAMES)}`
  const isThere = expected.valueOf(`${kind}:${name}`) !== ABSENT
  const dice = random.below(3)
  const set = (registers: Registers, work: () => Promise<unknown>) =>
    load.journal.during({ what: 'set', registers }, work)
  const change = CHANGES[kind](load, name)
  const { update } = change
  const tag = `t${load.number()}`
  /** Everything that is known of it. */
  const all = (value: string, inside = value): Registers => ({
    [`${kind}:${name}`]: value,
    [`${kind}-tag:${name}`]: inside === ABSENT ? ABSENT : UNTAGGED,
    ...(update && { [`${kind}-prefix:${name}`]: inside }),
  })
  if (!isThere) await set(all('there', 'none'), change.create)
  else if (dice === 0) await set(all(ABSENT), change.delete)
  else if (dice === 1 && update) await set({ [`${kind}-prefix:${name}`]: `${tag}/` }, () => update(`${tag}/`))
  else await set({ [`${kind}-tag:${name}`]: tag }, () => change.tag(tag))
}

interface Change {
  create(): Promise<unknown>
  delete(): Promise<unknown>
  tag(value: string): Promise<unknown>
  update?(prefix: string): Promise<unknown>
}

const CHANGES: Readonly<
  Record<'stream' | 'delivery-stream' | 'bucket', (load: Load, name: string) => Change>
> = {
  stream: ({ client }, StreamName) => ({
    create: () => client.call('kinesis', 'CreateStream', { StreamName, ShardCount: 1 }),
    delete: () => client.call('kinesis', 'DeleteStream', { StreamName }),
    tag: (value) => client.call('kinesis', 'AddTagsToStream', { StreamName, Tags: { tag: value } }),
  }),
  'delivery-stream': ({ client }, DeliveryStreamName) => ({
    create: () =>
      client.call('firehose', 'CreateDeliveryStream', {
        DeliveryStreamName,
        ExtendedS3DestinationConfiguration: { RoleARN, BucketARN: bucketArn(LAKE) },
      }),
    delete: () => client.call('firehose', 'DeleteDeliveryStream', { DeliveryStreamName }),
    tag: (Value) =>
      client.call('firehose', 'TagDeliveryStream', { DeliveryStreamName, Tags: [{ Key: 'tag', Value }] }),
    update: (Prefix) => updateDestination(client, DeliveryStreamName, { Prefix }),
  }),
  bucket: ({ client }, name) => ({
    create: () => client.ok(`/${name}`, { method: 'PUT' }),
    delete: () => client.ok(`/${name}`, { method: 'DELETE' }),
    tag: (value) =>
      client.ok(`/${name}?tagging`, {
        method: 'PUT',
        body: `<Tagging><TagSet><Tag><Key>tag</Key><Value>${value}</Value></Tag></TagSet></Tagging>`,
      }),
  }),
}

/** Changes an S3 destination, whatever version it is at. */
export async function updateDestination(
  client: Load['client'],
  DeliveryStreamName: string,
  update: object,
): Promise<void> {
  const { DeliveryStreamDescription: found } = await client.call<{
    DeliveryStreamDescription: { VersionId: string; Destinations: [{ DestinationId: string }] }
  }>('firehose', 'DescribeDeliveryStream', { DeliveryStreamName })
  await client.call('firehose', 'UpdateDestination', {
    DeliveryStreamName,
    CurrentDeliveryStreamVersionId: found.VersionId,
    DestinationId: found.Destinations[0].DestinationId,
    ExtendedS3DestinationUpdate: update,
  })
}
