import { flag, list, maybe, oneOf, shape } from '../../engine/ports/checks.ts'
import {
  oneOf as anyOf,
  boolean,
  list as listOf,
  named,
  required,
  string,
  structure,
  type TypeOf,
} from '../../service/shape.ts'
import { invalidArgument, malformedXml, notImplementedFeature } from '../exceptions.ts'
import { serverSideEncryption } from '../shapes.ts'

/** How objects are encrypted that do not say it themselves: with keys of S3's, always. What it says besides is kept. */
export interface DefaultEncryption {
  readonly isBucketKeyEnabled?: boolean
  readonly blockedTypes?: readonly BlockedType[]
}

const BLOCKED_TYPES = ['NONE', 'SSE-C'] as const
type BlockedType = (typeof BLOCKED_TYPES)[number]

/** Of one that is kept. */
export const encryptionCheck = shape<DefaultEncryption>({
  isBucketKeyEnabled: maybe(flag),
  blockedTypes: maybe(list(oneOf(...BLOCKED_TYPES))),
})

export const encryptionConfiguration = structure({
  Rules: named(
    'Rule',
    required(
      listOf(
        structure({
          ApplyServerSideEncryptionByDefault: structure({
            SSEAlgorithm: required(serverSideEncryption),
            KMSMasterKeyID: string(),
          }),
          BucketKeyEnabled: boolean(),
          BlockedEncryptionTypes: structure({
            EncryptionType: listOf(anyOf(...BLOCKED_TYPES), { flattened: true }),
          }),
        }),
        { flattened: true },
      ),
    ),
  ),
})

/** The rule as it is answered. Objects cannot be encrypted with keys of customers, so that it holds what is said of those. */
export const encryptionAnswer = ({ isBucketKeyEnabled = false, blockedTypes }: DefaultEncryption = {}) => ({
  Rules: [
    {
      ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' as const },
      BucketKeyEnabled: isBucketKeyEnabled,
      ...(blockedTypes && { BlockedEncryptionTypes: { EncryptionType: [...blockedTypes] } }),
    },
  ],
})

/**
 * Throws for what is no configuration, and for keys of KMS.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketEncryption.html
 */
export function checkedEncryption({ Rules = [] }: TypeOf<typeof encryptionConfiguration>): DefaultEncryption {
  const [rule, ...others] = Rules
  if (!rule || others.length > 0) throw malformedXml()
  const { ApplyServerSideEncryptionByDefault: byDefault, BlockedEncryptionTypes: blocked } = rule
  const { SSEAlgorithm: algorithm = 'AES256', KMSMasterKeyID: key } = byDefault ?? {}
  if (algorithm !== 'AES256') throw isOfKms(algorithm) ? notImplementedFeature(algorithm) : malformedXml()
  if (key !== undefined)
    throw invalidArgument(
      'a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse',
      'ApplyServerSideEncryptionByDefault',
    )
  const types = blocked?.EncryptionType
  if (types?.some((type) => !BLOCKED_TYPES.includes(type))) throw malformedXml()
  return {
    ...(rule.BucketKeyEnabled && { isBucketKeyEnabled: true }),
    ...(types && types.length > 0 && { blockedTypes: types }),
  }
}

const isOfKms = (algorithm: string): boolean => ['aws:kms', 'aws:kms:dsse', 'aws:fsx'].includes(algorithm)
