import type { Roles } from '../../auth/credentials.ts'
import { type Assumer, createServiceRoles, type ServiceRoles } from '../../auth/service-roles.ts'
import { DestinationError } from '../../delivery/destination.ts'
import type { Job } from '../../delivery/job.ts'
import type { DeliveryObject, ObjectStore } from '../../firehose/destinations/object-store.ts'
import { onStream } from '../../kinesis/accesses.ts'
import type { Kinesis } from '../../kinesis/kinesis.ts'
import { parseStreamArn } from '../../kinesis/stream-ref.ts'
import { accessTo } from '../../s3/accesses.ts'
import type { S3 } from '../../s3/s3.ts'
import type { Access, Denial } from '../../service/access.ts'
import { parseArn } from '../../service/arn.ts'
import { isAnswer } from '../../service/invoke.ts'

/** What services do by roles is asked of their policies. Absent: whoever names a role may do all. */
export const serviceRolesOf = (roles: Roles | undefined, now: () => number): ServiceRoles | undefined =>
  roles && createServiceRoles({ roles, now })

type Working = Pick<DeliveryObject, 'jobArn' | 'account' | 'region'>

/** The service that an ARN is of works by the role: Firehose's for its delivery streams, Kinesis's for its channels. */
const assumerOf = ({ jobArn, account, region }: Working, roleArn: string): Assumer => ({
  ...{ roleArn, sourceArn: jobArn, account, region },
  service: `${parseArn(jobArn)?.service}.amazonaws.com`,
})

const whyOf = (denial: Denial | 'cannot assume', { roleArn, service }: Assumer): string =>
  denial === 'cannot assume'
    ? `${service} cannot assume the role ${roleArn}, which is not there or does not trust it`
    : denial.message

const NAMES: Readonly<Record<string, string>> = {
  'firehose.amazonaws.com': 'Firehose',
  'kinesis.amazonaws.com': 'Kinesis Data Streams',
}

/** https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-logs.html */
const accessDenied = ({ service }: Assumer, why: string): string =>
  `Access was denied. Ensure that the trust policy for the provided IAM role allows ${NAMES[service] ?? service} to assume the role, and the access policy allows access to the S3 bucket. (${why})`

/** The same S3, of which each put has to be allowed to the role of who puts; `s3` is absent for another server's. */
export function judgedObjects(store: ObjectStore, roles: ServiceRoles, s3: S3 | undefined): ObjectStore {
  async function check(object: DeliveryObject): Promise<void> {
    const { roleArn } = object
    if (roleArn === undefined) return
    const assumer = assumerOf(object, roleArn)
    const denial = await roles.judge(assumer, await putAccess(s3, object, roleArn))
    if (!denial) return
    const why = whyOf(denial, assumer)
    throw new DestinationError({
      code: 'S3.AccessDenied',
      message: accessDenied(assumer, why),
      denial: `it cannot deliver: ${why}`,
    })
  }
  return {
    ...store,
    async put(object, signal) {
      await check(object)
      return await store.put(object, signal)
    },
  }
}

/** Of another server's buckets no policy is known, and one that is not there has none yet: the role's own decide. */
async function putAccess(
  s3: S3 | undefined,
  { bucket, key }: DeliveryObject,
  roleArn: string,
): Promise<Access> {
  const account = parseArn(roleArn)?.account ?? ''
  const action = 's3:PutObject'
  const byRoleAlone = { action, resource: `arn:aws:s3:::${bucket}/${key}`, account }
  if (!s3) return byRoleAlone
  try {
    return await accessTo(s3, { principal: { account } }, { action, bucket, key })
  } catch (failure) {
    if (isAnswer(failure)) return byRoleAlone
    throw failure
  }
}

/** What a delivery stream does with the stream that it reads. */
const READING = ['DescribeStream', 'ListShards', 'GetShardIterator', 'GetRecords']

/** Why a job may not read its stream by the role that it was given. */
export const refusalToRead =
  (roles: ServiceRoles, kinesis: Kinesis) =>
  async ({ source, arn: jobArn, account, region }: Job): Promise<string | undefined> => {
    if (!('streamArn' in source) || source.roleArn === undefined) return undefined
    const ref = parseStreamArn(source.streamArn)
    if (!ref) return undefined
    const assumer = assumerOf({ jobArn, account, region }, source.roleArn)
    for (const name of READING)
      for (const access of await onStream(kinesis, name, ref)) {
        const denial = await roles.judge(assumer, access)
        if (denial) return `it cannot read its stream: ${whyOf(denial, assumer)}`
      }
    return undefined
  }
