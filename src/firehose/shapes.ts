/** Shapes that several operations share. */
import { blob, integer, list, oneOf, required, string, structure, timestamp } from '../service/shape.ts'

export const deliveryStreamName = string({ min: 1, max: 64, pattern: '[a-zA-Z0-9_.-]+' })
export const deliveryStreamArn = string()
export const deliveryStreamType = oneOf(
  'DirectPut',
  'KinesisStreamAsSource',
  'MSKAsSource',
  'DatabaseAsSource',
)
export const roleArn = string({
  min: 1,
  max: 512,
  pattern: 'arn:.*:iam::\\d{12}:role/[a-zA-Z_0-9+=,.@\\-_/]+',
})
export const kmsKeyArn = string({
  min: 1,
  max: 512,
  pattern: 'arn:.*:kms:[a-zA-Z0-9\\-]+:\\d{12}:(key|alias)/[a-zA-Z_0-9+=,.@\\-_/]+',
})
export const keyType = oneOf('AWS_OWNED_CMK', 'CUSTOMER_MANAGED_CMK')
export const encryptionConfigurationInput = structure({ KeyARN: kmsKeyArn, KeyType: required(keyType) })
export const kinesisStreamArn = string({
  min: 1,
  max: 512,
  pattern: 'arn:.*:kinesis:[a-zA-Z0-9\\-]+:\\d{12}:stream/[a-zA-Z0-9_.-]+',
})
export const throughputHint = integer({ min: 1, max: 100 })
export const listLimit = integer({ min: 1, max: 10_000 })
export const destinationId = string({ min: 1, max: 100, pattern: '[a-zA-Z0-9-]+' })
export const moment = timestamp()

/** https://docs.aws.amazon.com/firehose/latest/APIReference/API_Record.html */
export const record = structure({ Data: required(blob({ min: 0, max: 1_024_000 })) })

export const tagKey = string({
  min: 1,
  max: 128,
  pattern: '^(?!aws:)[\\p{L}\\p{Z}\\p{N}_.:\\/=+\\-@%]*$',
  accepts: /^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@%]*$/u,
})
const tag = structure({
  Key: required(tagKey),
  Value: string({
    min: 0,
    max: 256,
    pattern: '^[\\p{L}\\p{Z}\\p{N}_.:\\/=+\\-@%]*$',
    accepts: /^[\p{L}\p{Z}\p{N}_.:/=+\-@%]*$/u,
  }),
})
export const tags = list(tag, { min: 1, max: 50 })
export const tagList = list(tag)

/** A destination or source that AWS has and Standpipe refuses by name: nothing inside it is read. */
export const refused = structure({})
