import { admitOwn } from '../../api/admit-own.ts'
import type { Credentials } from '../../auth/credentials.ts'
import { createAuthenticator } from '../../auth/signatures/authenticator.ts'
import { bucketOfHost } from '../../s3/dialect/s3-dialect.ts'
import { isSubresource } from '../../s3/dialect/unmatched.ts'
import type { ClosedMode } from '../../wire/wire.ts'
import type { Settings } from '../config.ts'

/** Every request is verified; undefined where there are no keys, which is open mode. */
export const closedModeOf = (
  credentials: Credentials | undefined,
  { region }: Pick<Settings, 'region'>,
): ClosedMode | undefined =>
  credentials && {
    admitOwn,
    authenticator: createAuthenticator({
      credentials,
      region,
      resources: { bucketOf: bucketOfHost, isSubresource },
      // Policies of buckets may let anybody in, and nobody where there are none.
      isAnonymousJudged: true,
    }),
  }
