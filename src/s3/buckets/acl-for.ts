import { grantsFor } from '../acl/acl.ts'
import type { Grant } from '../acl/acl-grants.ts'
import type { AclInput } from '../acl/requested-grants.ts'
import type { Bucket } from './bucket.ts'
import { publicAccessBlockOf } from './public-access-block.ts'

/** What is kept of a new object's access control list; throws as `grantsFor` does. */
export function aclFor(bucket: Bucket, input: AclInput): { readonly grants?: readonly Grant[] } {
  const grants = grantsFor(bucket, publicAccessBlockOf(bucket), input)
  return grants ? { grants } : {}
}
