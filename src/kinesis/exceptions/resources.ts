/** What Kinesis answers when it refuses a tag or a policy, in AWS's words where they are known. */
import type { StreamRef } from '../stream-ref.ts'
import { invalidArgument, notFound, phrase } from './kinds.ts'

/** AWS documents when it is refused, not with which words. */
export const invalidResourceArn = (arn: string) =>
  invalidArgument(`${arn} is not an ARN of a stream or of a consumer.`)

export const policyNotFound = (arn: string) => notFound(`No resource policy found for resource ARN ${arn}`)

export const malformedPolicy = (why: string) => invalidArgument(`Policy is malformed: ${why}.`)

export const tooManyTags = (stream: StreamRef, limit: number) =>
  invalidArgument(
    `Failed to add tags to ${phrase(stream)} because a given stream cannot have more than ${limit} tags associated with it.`,
  )

export const invalidTagCharacters = () =>
  invalidArgument(
    'Some tags contain invalid characters. Valid characters: Unicode letters, digits, white space, _ . / = + - % @ :.',
  )
