import type { Meters } from '../metrics/meters.ts'
import { ServiceException } from '../service/exception.ts'
import type { Admission, Caller, Metering, RestBinding } from '../service/operation.ts'
import type { Members } from '../service/shape.ts'
import { OWNERSHIPS } from './acl/ownership.ts'
import { ARCHIVES } from './archive/archived.ts'
import { type BucketInput, requireBucket } from './buckets/bucket.ts'
import {
  invalidArgument,
  invalidRequest,
  invalidStorageClass,
  invalidVersionId,
  notImplementedHeader,
} from './exceptions.ts'
import { mayBeVersion, NULL_VERSION } from './objects/version-id.ts'
import type { S3 } from './s3.ts'

interface Billed {
  readonly name: string
  readonly http?: RestBinding
}

/** `PUT`, `COPY`, `POST` and `LIST` cost alike, deleting nothing, the rest as `GET`. https://aws.amazon.com/s3/pricing/ */
function meterOf({ name, http }: Billed): 's3-put-requests' | 's3-get-requests' | undefined {
  if (/^(Delete|Abort)/.test(name)) return undefined
  return name.startsWith('List') || http?.method === 'PUT' || http?.method === 'POST'
    ? 's3-put-requests'
    : 's3-get-requests'
}

/** CloudWatch's request metrics. https://docs.aws.amazon.com/AmazonS3/latest/userguide/metrics-dimensions.html */
function metricOf({ name, http }: Billed): string {
  if (name.startsWith('List')) return 'ListRequests'
  const method = http?.method ?? 'GET'
  return `${method.charAt(0)}${method.slice(1).toLowerCase()}Requests`
}

export function countRequest(meters: Meters, operation: Billed, bucket: string | undefined): void {
  const meter = meterOf(operation)
  if (meter) meters.use(meter, 1)
  if (bucket === undefined) return
  meters.count('AWS/S3', 'AllRequests', { BucketName: bucket }, 1)
  meters.count('AWS/S3', metricOf(operation), { BucketName: bucket }, 1)
}

/** Every request is billed, and counted for its bucket, whatever comes of it. */
export const requestMetering: Metering<S3> = {
  now: ({ clock }) => clock.now(),
  count: (s3, operation, { input }) =>
    countRequest(s3.meters, operation, (input as { readonly Bucket?: string }).Bucket),
}

/** Rejects a call that asks for what Standpipe has not. */
export async function admit(s3: S3, { operation, input, caller }: Admission<S3>): Promise<void> {
  const members = input as Partial<BucketInput> & { readonly VersionId?: string }
  if (members.Bucket !== undefined && members.VersionId !== undefined && members.VersionId !== NULL_VERSION)
    await checkVersion(s3, { ...members, Bucket: members.Bucket }, caller)
  refuseUnsupported(input, operation.input.members)
}

/** AWS looks for a version in a bucket that is there. */
async function checkVersion(
  s3: S3,
  input: BucketInput & { readonly VersionId?: string },
  caller: Caller,
): Promise<void> {
  const home = (await requireBucket(s3, input, caller)).value
  if (!mayBeVersion(home, input.VersionId)) throw invalidVersionId(input.VersionId!)
}

/** What an input member may say without asking for something that Standpipe has not. */
interface Rule {
  readonly allows: readonly unknown[]
  readonly refuse: (header: string, value: unknown) => ServiceException
}

const NOTHING: readonly unknown[] = []
const notImplemented = (header: string) => notImplementedHeader(header)
const noObjectLock = () =>
  new ServiceException('InvalidRequest', 'Bucket is missing Object Lock Configuration')
const noGovernance = () =>
  invalidArgument(
    'x-amz-bypass-governance-retention is only applicable to Object Lock enabled buckets.',
    'x-amz-bypass-governance-retention',
  )
const OTHER_ENCRYPTIONS = ['aws:fsx', 'aws:kms', 'aws:kms:dsse']
const noEncryption = (header: string, value: unknown) =>
  OTHER_ENCRYPTIONS.includes(String(value))
    ? notImplementedHeader(header, `${header}: ${value}`)
    : invalidArgument('The encryption method specified is not supported', header, String(value))
const noEncryptionHere = (_: string, value: unknown) =>
  invalidArgument(
    'x-amz-server-side-encryption header is not supported for this operation.',
    'x-amz-server-side-encryption',
    String(value),
  )
const noTransitionMinimum = (_: string, value: unknown) =>
  invalidRequest(`Invalid TransitionDefaultMinimumObjectSize found: ${value}`)

const STORAGE_CLASSES = [
  'STANDARD',
  'REDUCED_REDUNDANCY',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'GLACIER_IR',
  ...ARCHIVES,
]

const noStorageClass = (_: string, value: unknown) => invalidStorageClass(String(value))

const noOwnership = (header: string, value: unknown) =>
  invalidArgument(`Invalid ${header} header: ${value}`, header)

const rules: Readonly<Record<string, Rule>> = {
  ServerSideEncryption: { allows: ['AES256'], refuse: noEncryption },
  EncryptionAfterwards: { allows: NOTHING, refuse: noEncryptionHere },
  SSECustomerAlgorithm: { allows: NOTHING, refuse: notImplemented },
  SSECustomerKey: { allows: NOTHING, refuse: notImplemented },
  SSECustomerKeyMD5: { allows: NOTHING, refuse: notImplemented },
  SSEKMSKeyId: { allows: NOTHING, refuse: notImplemented },
  SSEKMSEncryptionContext: { allows: NOTHING, refuse: notImplemented },
  BucketKeyEnabled: { allows: [false], refuse: notImplemented },
  CopySourceSSECustomerAlgorithm: { allows: NOTHING, refuse: notImplemented },
  CopySourceSSECustomerKey: { allows: NOTHING, refuse: notImplemented },
  CopySourceSSECustomerKeyMD5: { allows: NOTHING, refuse: notImplemented },
  StorageClass: { allows: STORAGE_CLASSES, refuse: noStorageClass },
  BypassGovernanceRetention: { allows: NOTHING, refuse: noGovernance },
  ObjectLockMode: { allows: NOTHING, refuse: noObjectLock },
  ObjectLockRetainUntilDate: { allows: NOTHING, refuse: noObjectLock },
  ObjectLockLegalHoldStatus: { allows: ['OFF'], refuse: noObjectLock },
  ObjectLockEventHold: { allows: ['OFF'], refuse: noObjectLock },
  ObjectLockEventHoldDurationDays: { allows: NOTHING, refuse: noObjectLock },
  ObjectLockEventHoldDurationYears: { allows: NOTHING, refuse: noObjectLock },
  ObjectLockEnabledForBucket: { allows: [false], refuse: notImplemented },
  ObjectOwnership: { allows: OWNERSHIPS, refuse: noOwnership },
  BucketNamespace: { allows: ['global'], refuse: notImplemented },
  MFA: { allows: NOTHING, refuse: notImplemented },
  WriteOffsetBytes: { allows: NOTHING, refuse: notImplemented },
  IfMatchLastModifiedTime: { allows: NOTHING, refuse: notImplemented },
  IfMatchSize: { allows: NOTHING, refuse: notImplemented },
  IfMatchInitiatedTime: { allows: NOTHING, refuse: notImplemented },
  TransitionDefaultMinimumObjectSize: {
    allows: ['all_storage_classes_128K', 'varies_by_storage_class'],
    refuse: noTransitionMinimum,
  },
}

/**
 * Throws for the first member of `input` that asks for what Standpipe has not: nothing is accepted and ignored.
 * `members` say which header a member came in.
 */
export function refuseUnsupported(input: Readonly<Record<string, unknown>>, members: Members = {}): void {
  for (const [member, value] of Object.entries(input)) {
    const rule = rules[member]
    if (rule && value !== undefined && !rule.allows.includes(value))
      throw rule.refuse(members[member]?.location?.name ?? member, value)
  }
}
