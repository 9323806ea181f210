import { integer, list, required, string, structure, timestamp } from '../service/shape.ts'

// What STS's operations take and answer; constraints and patterns are AWS's.

export const arn = string({
  min: 20,
  max: 2_048,
  pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u0085\\u00A0-\\uD7FF\\uE000-\\uFFFD\\u10000-\\u10FFFF]+',
  accepts: /^[\t\n\r -~\u0085\u00a0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]+$/su,
})
export const roleSessionName = string({ min: 2, max: 64, pattern: '[\\w+=,.@-]*' })
export const policyArns = list(structure({ arn }))
export const sessionPolicy = string({ min: 1, pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+' })
export const roleDurationSeconds = integer({ min: 900, max: 43_200 })
export const durationSeconds = integer({ min: 900, max: 129_600 })
const tagKey = string({ min: 1, max: 128, pattern: '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+' })
const tagValue = string({ min: 0, max: 256, pattern: '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*' })
export const tags = list(structure({ Key: required(tagKey), Value: required(tagValue) }), { max: 50 })
export const tagKeys = list(tagKey, { max: 50 })
export const externalId = string({ min: 2, max: 1_224, pattern: '[\\w+=,.@:\\/-]*' })
export const serialNumber = string({ min: 9, max: 256, pattern: '[\\w+=/:,.@-]*' })
export const tokenCode = string({ min: 6, max: 6, pattern: '[\\d]*' })
export const sourceIdentity = string({ min: 2, max: 64, pattern: '[\\w+=,.@-]*' })
export const providedContexts = list(
  structure({ ProviderArn: arn, ContextAssertion: string({ min: 4, max: 2_048 }) }),
  { min: 1, max: 5 },
)
/** Bytes. */
export const tokenSize = integer({ min: 0, max: 4_096 })
export const accessKeyId = string({ min: 16, max: 128, pattern: '[\\w]*' })

export const credentialsShape = structure({
  AccessKeyId: required(string()),
  SecretAccessKey: required(string()),
  SessionToken: required(string()),
  Expiration: required(timestamp()),
})
