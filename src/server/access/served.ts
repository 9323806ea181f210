import type { Credentials } from '../../auth/credentials.ts'
import type { Kinesis } from '../../kinesis/kinesis.ts'
import type { S3 } from '../../s3/s3.ts'
import type { Authority } from '../../service/authorize.ts'
import type { Bound } from '../../service/invoke.ts'

/** What is served, as far as it is asked who may do what to it. */
export interface Served {
  readonly bound: readonly Bound[]
  readonly credentials: Credentials
  /** Undefined in open mode. */
  readonly authority: Authority | undefined
  readonly kinesis: Kinesis
  readonly s3: S3
}
