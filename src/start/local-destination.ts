import { type Destination, DestinationError } from '../firehose/delivery/destination.ts'
import { prepareObject } from '../s3/delivered-object.ts'
import type { S3 } from '../s3/s3.ts'
import { isAnswer } from '../service/invoke.ts'

/** S3's answers that more time may turn into success; all are retried, as Firehose does. */
const codeOf = (failure: unknown): string => (isAnswer(failure) ? `S3.${failure.code}` : 'InternalError')

/** Firehose's destination on the S3 in the same process: an object is there with the commit that counts it as delivered. */
export function localDestination(s3: S3): Destination {
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
