import {
  encryptionTypeNotKms,
  invalidKeyId,
  nameIsNotOfArn,
  neitherNameNorArn,
  shardNotFound,
  shardNotResolved,
} from '../exceptions/streams.ts'
import { type Shard, shardIdOf, shardIndexOf } from '../shards/shard.ts'
import { parseStreamArn, type StreamRef } from '../stream-ref.ts'
import { type Stream, shardAt, unexpired } from './stream.ts'

interface Named {
  readonly StreamName?: string | undefined
  readonly StreamARN?: string | undefined
}

/** The stream that a request means; throws InvalidArgumentException when it names none, or two. */
export function requestedStream(
  { StreamName, StreamARN }: Named,
  { account, region }: { readonly account: string; readonly region: string },
): StreamRef {
  const byArn = StreamARN === undefined ? undefined : parseStreamArn(StreamARN)
  if (StreamARN !== undefined && (!byArn || (StreamName !== undefined && StreamName !== byArn.streamName)))
    throw nameIsNotOfArn(StreamName, StreamARN)
  if (byArn) return byArn
  if (StreamName === undefined) throw neitherNameNorArn()
  return { account, region, streamName: StreamName }
}

/** Throws ResourceNotFoundException for a text that cannot name any shard, which AWS sees before it looks for the stream. */
export function checkShardId(ref: StreamRef, given: string): void {
  if (shardIndexOf(given) === undefined) throw shardNotResolved(ref, given)
}

/** The shard that a request names; throws ResourceNotFoundException, also for one that has expired. */
export function namedShard(ref: StreamRef, stream: Stream, given: string, now: number): Shard {
  const index = shardIndexOf(given)
  if (index === undefined) throw shardNotResolved(ref, given)
  const shard = shardAt(unexpired(stream, now), index)
  if (shard) return shard
  // The newest shard is always open: whatever comes before it was there once.
  const wasThere = shardIdOf(index) < stream.shards.at(-1)!.shardId
  throw wasThere ? shardNotFound(ref, shardIdOf(index)) : shardNotResolved(ref, shardIdOf(index))
}

/** A key's ID, its alias, or the ARN of either. */
const KEY_ID = /^(arn:[^:]+:kms:[^:]+:\d{12}:)?(alias\/[\w/-]+|(key\/)?[\w-]+)$/

/** Throws InvalidArgumentException unless these members name a KMS key. Whether there is such a key nobody can tell here. */
export function checkKmsKey({ EncryptionType, KeyId }: { EncryptionType: string; KeyId: string }): void {
  if (EncryptionType !== 'KMS') throw encryptionTypeNotKms()
  if (!KEY_ID.test(KeyId)) throw invalidKeyId(KeyId)
}
