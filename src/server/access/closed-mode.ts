import type { Credentials } from '../../auth/credentials.ts'
import { createAuthenticator } from '../../auth/signatures/authenticator.ts'
import { bucketOfHost } from '../../s3/dialect/s3-dialect.ts'
import { isSubresource } from '../../s3/dialect/selectors.ts'
import type { ClosedMode } from '../../wire/wire.ts'

interface ClosedModeOptions extends Pick<ClosedMode, 'admitOwn'> {
  readonly credentials: Credentials
  readonly region: string
}

/** Every request is verified. */
export const closedModeOf = ({ credentials, region, admitOwn }: ClosedModeOptions): ClosedMode => ({
  admitOwn,
  authenticator: createAuthenticator({
    credentials,
    region,
    resources: { bucketOf: bucketOfHost, isSubresource },
    // Bucket policies may let anybody read.
    isAnonymousJudged: true,
  }),
})
