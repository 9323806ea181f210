import { createHash } from 'node:crypto'
import { onStream } from '../../kinesis/accesses.ts'
import type { Kinesis } from '../../kinesis/kinesis.ts'
import { putRecords } from '../../kinesis/operations/put-records.ts'
import { writableStream } from '../../kinesis/records/append.ts'
import type { Destination } from '../../s3/notifications/destination-arn.ts'
import type { Message, Outcome } from '../../s3/notifications/targets.ts'
import type { Access } from '../../service/access.ts'
import { isAnswer } from '../../service/invoke.ts'
import type { Caller } from '../../service/operation.ts'
import { rootOf } from '../../service/principal.ts'

type StreamDestination = Extract<Destination, { readonly kind: 'stream' }>

/** Why nothing can be put there; undefined when something can. */
export async function streamObstacle(
  kinesis: Kinesis,
  stream: StreamDestination,
): Promise<string | undefined> {
  try {
    await writableStream(kinesis, stream)
    return undefined
  } catch (failure) {
    if (isAnswer(failure)) return 'The destination queue does not exist'
    throw failure
  }
}

/** What telling a stream is. */
export const accessesToStream = (kinesis: Kinesis, stream: StreamDestination): Promise<readonly Access[]> =>
  onStream(kinesis, 'PutRecord', stream)

/**
 * Puts each message as a record; those of a key, which is its partition key, one after the other, and none behind one that
 * was not taken: a shard that has no room for a record may have some for a smaller one. Never rejects.
 */
export async function tellStream(
  kinesis: Kinesis,
  stream: StreamDestination,
  messages: readonly Message[],
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = new Array(messages.length)
  const failed = new Map<string, string>()
  for (let waiting = [...messages.keys()]; waiting.length > 0; ) {
    const turn = new Map<string, number>()
    const later: number[] = []
    for (const index of waiting) {
      const { key } = messages[index]!
      if (failed.has(key)) outcomes[index] = failed.get(key)
      else if (turn.has(key)) later.push(index)
      else turn.set(key, index)
    }
    const results = await putEach(
      kinesis,
      stream,
      [...turn.values()].map((index) => messages[index]!),
    )
    for (const [nth, [key, index]] of [...turn].entries()) {
      const why = results[nth]
      outcomes[index] = why
      if (why !== undefined) failed.set(key, why)
    }
    waiting = later
  }
  return outcomes
}

async function putEach(
  kinesis: Kinesis,
  stream: StreamDestination,
  messages: readonly Message[],
): Promise<readonly Outcome[]> {
  if (messages.length === 0) return []
  try {
    const Records = messages.map(({ key, body }) => ({
      Data: Buffer.from(JSON.stringify(body)),
      PartitionKey: partitionKeyOf(key),
    }))
    const { Records: results } = await putRecords.handle(
      kinesis,
      { StreamARN: stream.arn, Records },
      ownerOf(stream),
    )
    return results.map(({ ErrorCode: code, ErrorMessage: why }) => code && `${code}: ${why}`)
  } catch (failure) {
    const why = isAnswer(failure) ? `${failure.code}: ${failure.message.replace(/\.$/, '')}` : String(failure)
    return messages.map(() => why)
  }
}

/** AWS's longest partition key, in characters. */
const MOST_CHARACTERS = 256

/** The object's key; of one that is too long, or of none, what stands for it. */
const partitionKeyOf = (key: string): string =>
  key !== '' && key.length <= MOST_CHARACTERS ? key : createHash('sha256').update(key).digest('hex')

/** Who put the notification configuration was asked whether they may put records there. */
const ownerOf = ({ account, region }: StreamDestination): Caller => ({
  ...{ account, region, principal: rootOf({ account, region, accessKeyId: '' }) },
  connection: { address: 's3.amazonaws.com', isEncrypted: false },
  ...{ requestId: '', url: '', signal: () => new AbortController().signal },
})
