import { type Destination, DestinationError } from '../firehose/delivery/destination.ts'
import { putObjectOf, type S3 } from '../s3/s3.ts'
import { isAnswer } from '../service/invoke.ts'

/** S3's answers that more time may turn into success; all are retried, as Firehose does. */
const codeOf = (failure: unknown): string => (isAnswer(failure) ? `S3.${failure.code}` : 'InternalError')

/** Firehose's destination on the S3 in the same process. */
export function localDestination(s3: S3): Destination {
  const putObject = putObjectOf(s3)
  return {
    async put({ body, ...object }) {
      try {
        return await putObject({ ...object, body: body() })
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
