import { allow } from '../auth/users.ts'

export const BUCKET = 'arn:aws:s3:::lake'
export const OBJECTS = `${BUCKET}/*`
/** Lets nobody in from outside. */
export const FOR_ACCOUNT = allow('s3:GetObject', OBJECTS, {
  Principal: { AWS: 'arn:aws:iam::123456789012:root' },
})
export const FOR_ALL = allow('s3:GetObject', OBJECTS, { Principal: '*' })

/** Nothing public is blocked. */
export const UNBLOCKED = { Bucket: 'lake', PublicAccessBlockConfiguration: {} }
