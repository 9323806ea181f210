import { ServiceException } from '../../service/exception.ts'

/** What S3 says of access control lists. https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
export const unexpectedContent = () =>
  new ServiceException('UnexpectedContent', 'This request does not support content')

/** Nobody here has an address. */
export const unresolvableEmailAddress = () =>
  new ServiceException(
    'UnresolvableGrantByEmailAddress',
    'The e-mail address you provided does not match any account on record.',
  )

export const aclAgainstOwnership = () =>
  new ServiceException(
    'InvalidBucketAclWithObjectOwnership',
    "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
  )

export const aclAgainstBlock = () =>
  new ServiceException(
    'InvalidBucketAclWithBlockPublicAccessError',
    'Bucket cannot have public ACLs set with BlockPublicAccess enabled',
  )
