import type { Meters } from '../metrics/meters.ts'
import type { Admission, Caller, RestBinding } from '../service/operation.ts'
import { type BucketInput, requireBucket } from './buckets/bucket.ts'
import { invalidVersionId } from './exceptions.ts'
import { refuseUnsupported } from './refusal.ts'
import type { S3 } from './s3.ts'

interface Billed {
  readonly name: string
  readonly http?: RestBinding
}

/** `PUT`, `COPY`, `POST` and `LIST` cost alike, deleting nothing, the rest as `GET`. https://aws.amazon.com/s3/pricing/ */
export function meterOf({ name, http }: Billed): 's3-put-requests' | 's3-get-requests' | undefined {
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

/** Counts a call, and rejects one that asks for what Standpipe has not. */
export async function admit(s3: S3, { operation, input, caller }: Admission<S3>): Promise<void> {
  const members = input as Partial<BucketInput> & { readonly VersionId?: string }
  countRequest(s3.meters, operation, members.Bucket)
  if (members.Bucket !== undefined && !isNull(members.VersionId))
    return await refuseVersion(s3, { ...members, Bucket: members.Bucket }, caller)
  refuseUnsupported(input, operation.input.members)
}

/** The only version there is, or none in particular. */
const isNull = (versionId = 'null'): boolean => versionId === 'null'

/** AWS looks for a version in a bucket that is there. */
async function refuseVersion(
  s3: S3,
  input: BucketInput & { readonly VersionId?: string },
  caller: Caller,
): Promise<never> {
  await requireBucket(s3, input, caller)
  throw invalidVersionId(input.VersionId!)
}
