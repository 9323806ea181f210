import { update } from '../engine/update.ts'
import { streamExists } from './exceptions.ts'
import type { Kinesis } from './kinesis.ts'
import { retentionMsOf } from './retention.ts'
import { openShardsOf, type Stream, statusOf } from './stream.ts'
import { arnOf, groupOf, keyOf, refOf, STREAM_KEYS, type StreamRef } from './stream-ref.ts'

type Lasting = Pick<Kinesis, 'logs' | 'metadata' | 'clock' | 'meters'>

/** Makes the stream exist, with room for its records; rejects with ResourceInUseException when the name is taken. */
export async function openStream(kinesis: Lasting, ref: StreamRef, stream: Stream): Promise<void> {
  const { logs, metadata, clock } = kinesis
  const before = await metadata.get<Stream>(keyOf(ref))
  if (before && statusOf(before.value, clock.now()) === undefined)
    await finishDeletion(kinesis, ref, before.value)
  else if (before) throw streamExists(ref)
  // The group first: a stream that can be seen can be written to. A crash in between leaves an empty group.
  const group = groupOf(ref, stream.creationId)
  await logs.ensureGroup(group, { retentionMs: retentionMsOf(stream) })
  try {
    await update<Stream, void>(metadata, keyOf(ref), (current) => {
      if (current) throw streamExists(ref)
      return { value: stream, result: undefined }
    })
  } catch (error) {
    await logs.dropGroup(group)
    throw error
  }
  meterStream(kinesis, ref, stream)
}

/** Has the records dropped when the clock says that the stream is gone. Harmless when it is done twice. */
export function scheduleDeletion(kinesis: Lasting, ref: StreamRef, stream: Stream): void {
  if (stream.passing?.status === 'DELETING')
    kinesis.clock.at(stream.passing.endsAt, () => finishDeletion(kinesis, ref, stream))
}

/** The records first: as long as the document is there, the next start knows what is left to do. */
async function finishDeletion(
  { logs, metadata }: Lasting,
  ref: StreamRef,
  { creationId }: Stream,
): Promise<void> {
  await logs.dropGroup(groupOf(ref, creationId))
  await update<Stream, void>(metadata, keyOf(ref), (current) => ({
    value: current?.creationId === creationId ? undefined : current,
    result: undefined,
  }))
}

/** AWS bills the shards of provisioned streams by the hour until the stream is deleted. */
export function meterStream({ meters }: Pick<Kinesis, 'meters'>, ref: StreamRef, stream: Stream): void {
  const isBilled = stream.mode === 'PROVISIONED' && stream.passing?.status !== 'DELETING'
  meters.run('kinesis-shard-hours', arnOf(ref), isBilled ? openShardsOf(stream).length : 0)
}

/** After a start: what runs is metered again, and deletions that a stop interrupted go on. */
export async function recoverStreams(kinesis: Lasting): Promise<void> {
  for (const { key, value } of await kinesis.metadata.list<Stream>({ prefix: STREAM_KEYS })) {
    meterStream(kinesis, refOf(key), value)
    scheduleDeletion(kinesis, refOf(key), value)
  }
}
