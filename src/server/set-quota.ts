import type { QuotaPlace, Scope } from '../api/ports.ts'
import { setBufferQuota } from '../firehose/direct-put/buffer-quota.ts'
import { setStreamQuota } from '../kinesis/limits/stream-quota.ts'
import { setBucketQuota } from '../s3/usage/bucket-quota.ts'
import type { Services } from './services.ts'

/** Each service keeps the quota with what it is of, so that it goes when that goes. Throws what the service says. */
export async function setQuota(
  { kinesis, firehose, s3, quotas }: Services,
  scope: Scope,
  { kind, name }: QuotaPlace,
  quotaBytes: number | undefined,
): Promise<void> {
  if (kind === 'stream') await setStreamQuota(kinesis, { ...scope, streamName: name }, quotaBytes)
  else if (kind === 'bucket') await setBucketQuota(s3, { name, account: scope.account }, quotaBytes)
  else await setBufferQuota(firehose, { ...scope, name }, quotaBytes)
  await quotas.reconsider()
}
