import {
  boolean,
  integer,
  list,
  long,
  named,
  oneOf,
  required,
  string,
  structure,
  type TypeOf,
  timestamp,
} from '../../service/shape.ts'
import { tag } from '../tag-members.ts'

const transitionStorageClass = oneOf(
  'GLACIER',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'DEEP_ARCHIVE',
  'GLACIER_IR',
)
const sizes = { ObjectSizeGreaterThan: long(), ObjectSizeLessThan: long() }

const lifecycleRule = structure({
  Expiration: structure({ Date: timestamp(), Days: integer(), ExpiredObjectDeleteMarker: boolean() }),
  ID: string(),
  Prefix: string(),
  Filter: structure({
    Prefix: string(),
    Tag: tag,
    ...sizes,
    And: structure({ Prefix: string(), Tags: named('Tag', list(tag, { flattened: true })), ...sizes }),
  }),
  Status: required(oneOf('Enabled', 'Disabled')),
  Transitions: named(
    'Transition',
    list(structure({ Date: timestamp(), Days: integer(), StorageClass: transitionStorageClass }), {
      flattened: true,
    }),
  ),
  NoncurrentVersionTransitions: named(
    'NoncurrentVersionTransition',
    list(
      structure({
        NoncurrentDays: integer(),
        StorageClass: transitionStorageClass,
        NewerNoncurrentVersions: integer(),
      }),
      { flattened: true },
    ),
  ),
  NoncurrentVersionExpiration: structure({ NoncurrentDays: integer(), NewerNoncurrentVersions: integer() }),
  AbortIncompleteMultipartUpload: structure({ DaysAfterInitiation: integer() }),
})
export type LifecycleRule = TypeOf<typeof lifecycleRule>

/** Lifecycle rules in XML. */
export const lifecycleRules = named('Rule', list(lifecycleRule, { flattened: true }))
