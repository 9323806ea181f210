import { boolean, integer, list, oneOf, required, string, structure } from '../service/shape.ts'

// What IAM's operations take; constraints and patterns are AWS's.

const nameWords = 'It must contain only alphanumeric characters and/or the following: +=,.@_-'
const namePattern = { pattern: '[\\w+=,.@-]+', patternWords: nameWords }

export const userName = string({ min: 1, max: 64, ...namePattern })
export const existingUserName = string({ min: 1, max: 128, ...namePattern })
export const roleName = string({ min: 1, max: 64, ...namePattern })
export const policyName = string({ min: 1, max: 128, ...namePattern })
export const path = string({
  min: 1,
  max: 512,
  pattern: '(\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)',
  patternWords: 'It must begin and end with / and contain only alphanumeric characters and/or / characters.',
})
export const policyPath = string({ min: 1, max: 512, pattern: '((/[A-Za-z0-9\\.,\\+@=_-]+)*)/' })
export const pathPrefix = string({ min: 1, max: 512, pattern: '\\u002F[\\u0021-\\u007F]*' })
export const arn = string({ min: 20, max: 2_048 })
export const policyText = string({
  min: 1,
  max: 131_072,
  pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+',
  patternWords: 'It must contain only printable ASCII characters.',
})
export const policyDescription = string({ max: 1_000 })
export const policyVersionId = string({ pattern: 'v[1-9][0-9]*(\\.[A-Za-z0-9-]*)?' })
export const roleDescription = string({
  max: 1_000,
  pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u00A1-\\u00FF]*',
})
export const maxSessionDuration = integer({ min: 3_600, max: 43_200 })
export const accessKeyId = string({ min: 16, max: 128, pattern: '[\\w]+' })
export const status = oneOf('Active', 'Inactive', 'Expired')

const tagKey = string({ min: 1, max: 128, pattern: '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+' })
const tagValue = string({ min: 0, max: 256, pattern: '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*' })
export const tags = list(structure({ Key: required(tagKey), Value: required(tagValue) }), { max: 50 })
export const tagKeys = list(tagKey, { max: 50 })

export const policyScope = oneOf('All', 'AWS', 'Local')
export const policyUsage = oneOf('PermissionsPolicy', 'PermissionsBoundary')
export const entityType = oneOf('User', 'Role', 'Group', 'LocalManagedPolicy', 'AWSManagedPolicy')
export const assignmentStatus = oneOf('Assigned', 'Unassigned', 'Any')

/** What every list takes, behind what is its own. */
export const paging = {
  Marker: string({ min: 1, max: 320, pattern: '[\\u0020-\\u00FF]+' }),
  MaxItems: integer({ min: 1, max: 1_000 }),
}

/** What every list answers, behind what is its own. */
export const pageEnd = { IsTruncated: boolean(), Marker: string() }
