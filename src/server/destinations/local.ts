import { DestinationError } from '../../delivery/destination.ts'
import type { ObjectStore } from '../../firehose/destinations/s3/object-store.ts'
import type { ChannelDelivery } from '../../kinesis/channels/transitions.ts'
import { prepareObject, requireDeliverable } from '../../s3/delivered-object.ts'
import type { S3 } from '../../s3/s3.ts'
import { isAnswer } from '../../service/invoke.ts'

/** S3's answers that more time may turn into success; all are retried, as Firehose does. */
const codeOf = (failure: unknown): string => (isAnswer(failure) ? `S3.${failure.code}` : 'InternalError')

/** Delivery to the S3 in the same process: an object is there with the commit that counts it as delivered. */
export function localObjects(s3: S3): ObjectStore {
  return {
    async put({ body, ...object }) {
      try {
        return await prepareObject(s3, { ...object, body: body() })
      } catch (failure) {
        throw new DestinationError({
          code: codeOf(failure),
          message: failure instanceof Error ? failure.message : String(failure),
          isUncertain: !isAnswer(failure),
          cause: failure,
        })
      }
    },
  }
}

/** Why a channel cannot deliver to a bucket of that S3. */
export const localObstacle =
  (s3: S3): ChannelDelivery['obstacleOf'] =>
  async (bucket, expectedBucketOwner) => {
    try {
      await requireDeliverable(s3, { bucket, expectedBucketOwner })
      return undefined
    } catch (failure) {
      if (isAnswer(failure)) return `${bucket}: ${failure.message}`
      throw failure
    }
  }
