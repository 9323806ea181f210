import { PROCESSING_FAILED, type StepOfOne } from '../../delivery/step.ts'
import { isNestedDeeper } from '../../service/json-depth.ts'
import { invalidArgument } from '../exceptions.ts'
import type { Processor } from './processor.ts'

/** Of a subscription's record, the log events. CloudWatch Logs takes 10,000 at once. */
const MAX_MESSAGES = 100_000
const MAX_DEPTH = 100

/** Only the log events' messages go on. https://docs.aws.amazon.com/firehose/latest/dev/Message_extraction.html */
export const cloudWatchLogProcessing: Processor<boolean> = {
  type: 'CloudWatchLogProcessing',
  member: 'messageExtraction',
  unasked: false,
  needs: 'Decompression',
  check(given) {
    if (!/^(true|false)$/i.test(given('DataMessageExtraction') ?? 'False'))
      throw invalidArgument(
        'Invalid parameter value for DataMessageExtraction. Allowed values are True and False.',
      )
  },
  parameters: (given) => /^true$/i.test(given('DataMessageExtraction') ?? ''),
  run: (): StepOfOne => ({
    takes: 'one',
    async run({ data }) {
      const messages = messagesOf(data)
      if (messages) return { data: messages }
      return {
        errorOutputType: PROCESSING_FAILED,
        errorCode: 'CloudWatchLogProcessing.Failed',
        failure: 'The record is not of a CloudWatch Logs subscription',
      }
    },
  }),
}

/** The messages of a subscription's record; undefined when it is none. */
export function messagesOf(data: Uint8Array): readonly Uint8Array[] | undefined {
  if (isNestedDeeper(data, MAX_DEPTH)) return undefined
  try {
    const { logEvents } = JSON.parse(Buffer.from(data).toString()) as { logEvents: { message: unknown }[] }
    return logEvents.length > MAX_MESSAGES ? undefined : logEvents.map(({ message }) => bytesOf(message))
  } catch {
    return undefined
  }
}

/** Only of a text: for an object with a `length` Buffer.from would take that much memory. */
function bytesOf(message: unknown): Uint8Array {
  if (typeof message !== 'string') throw new TypeError('a message that is no text')
  return Buffer.from(message)
}
