import { recordOf, type SourceName } from './questions.ts'
import type { Load } from './work.ts'
import { SOURCES } from './world.ts'

const KEYS = 12

/** Puts some records under one partition key, of which `worker` has its own. */
export async function putRecords(load: Load, source: SourceName, worker: number): Promise<void> {
  const { client, journal, random } = load
  // Most go to one shard: it has a backlog while its neighbours have none.
  const key = `${worker}-${random.below(3) > 0 ? 0 : random.below(KEYS)}`
  const ids = Array.from({ length: 1 + random.below(12) }, () => load.number())
  const data = ids.map((id) => Buffer.from(recordOf(id)).toString('base64'))
  await journal.during({ what: 'put', source, key, ids }, async () => {
    if (source === 'direct') {
      const input = { DeliveryStreamName: SOURCES.direct, Records: data.map((Data) => ({ Data })) }
      const { RequestResponses } = await client.call<{ RequestResponses: { RecordId?: string }[] }>(
        'firehose',
        'PutRecordBatch',
        input,
      )
      return RequestResponses.map(({ RecordId }) => RecordId ?? null)
    }
    const input = { StreamName: SOURCES[source], Records: data.map((Data) => ({ Data, PartitionKey: key })) }
    const { Records } = await client.call<{ Records: { SequenceNumber?: string }[] }>(
      'kinesis',
      'PutRecords',
      input,
    )
    return Records.map(({ SequenceNumber }) => SequenceNumber ?? null)
  })
}
