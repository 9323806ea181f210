import type { LabRun } from './lab-run.ts'
import { eventsFrom, exists, STREAM } from './names.ts'

/** A Kinesis stream: made, written, read back. */
export async function streamSteps(run: LabRun): Promise<void> {
  const { kinesis } = run.clients
  const describe = () => kinesis.describeStreamSummary({ StreamName: STREAM })

  await run.step(`create stream ${STREAM}`, async () => {
    await kinesis.createStream({ StreamName: STREAM, ShardCount: 1 })
    run.undo(async () => {
      await run.until(`deleting ${STREAM}`, () => attempt(() => kinesis.deleteStream({ StreamName: STREAM })))
      await run.until(`deleting ${STREAM}`, async () => !(await exists(describe)))
    })
    await run.until(
      `creating ${STREAM}`,
      async () => (await describe()).StreamDescriptionSummary?.StreamStatus === 'ACTIVE',
    )
    return { text: `Created the stream ${STREAM} with one shard: CREATING at first, now ACTIVE.` }
  })

  await run.step('put 10 records', async (show) => {
    const sequenceNumber = await produce(run, 0, show)
    return { text: `Put 10 JSON records; Kinesis answered each with a sequence number.`, sequenceNumber }
  })

  await run.step('read them back', async () => {
    const { Shards = [] } = await kinesis.listShards({ StreamName: STREAM })
    const shardId = Shards[0]?.ShardId
    const { ShardIterator } = await kinesis.getShardIterator({
      StreamName: STREAM,
      ShardId: shardId,
      ShardIteratorType: 'TRIM_HORIZON',
    })
    const { Records = [] } = await kinesis.getRecords({ ShardIterator })
    const first = Buffer.from(Records[0]?.Data ?? []).toString()
    return {
      text: `Read ${Records.length} records back from ${shardId}, from its oldest one (TRIM_HORIZON).`,
      details: [first],
      records: Records.length,
    }
  })
}

/** Puts ten events, one request each, as the lab's producer does; resolves with the last sequence number. */
export async function produce(run: LabRun, first: number, show: (progress: string) => void) {
  let last: string | undefined
  for (const [index, event] of eventsFrom(first, 10).entries()) {
    const Data = Buffer.from(event)
    const answer = await run.clients.kinesis.putRecord({
      StreamName: STREAM,
      Data,
      PartitionKey: 'partitionKey',
    })
    last = answer.SequenceNumber
    show(`${index + 1} of 10`)
  }
  return last
}

/** Whether it was done; not while the resource is still on its way to another state. */
export async function attempt(act: () => Promise<unknown>): Promise<boolean> {
  try {
    await act()
    return true
  } catch (error) {
    if ((error as Error).name === 'ResourceInUseException') return false
    throw error
  }
}
