/**
 * S3's actions that a bucket's policy may name, by what they are done to.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
 */
export const OBJECT_ACTIONS: readonly string[] = [
  ...['AbortMultipartUpload', 'BypassGovernanceRetention', 'DeleteObject', 'DeleteObjectTagging'],
  ...[
    'DeleteObjectVersion',
    'DeleteObjectVersionTagging',
    'GetObject',
    'GetObjectAcl',
    'GetObjectAttributes',
  ],
  ...['GetObjectLegalHold', 'GetObjectRetention', 'GetObjectTagging', 'GetObjectTorrent', 'GetObjectVersion'],
  ...['GetObjectVersionAcl', 'GetObjectVersionAttributes', 'GetObjectVersionForReplication'],
  ...[
    'GetObjectVersionTagging',
    'GetObjectVersionTorrent',
    'InitiateReplication',
    'ListMultipartUploadParts',
  ],
  ...[
    'ObjectOwnerOverrideToBucketOwner',
    'PutObject',
    'PutObjectAcl',
    'PutObjectLegalHold',
    'PutObjectRetention',
  ],
  ...[
    'PutObjectTagging',
    'PutObjectVersionAcl',
    'PutObjectVersionTagging',
    'ReplicateDelete',
    'ReplicateObject',
  ],
  ...['ReplicateTags', 'RestoreObject', 'UpdateObjectEncryption'],
]

export const BUCKET_ACTIONS: readonly string[] = [
  ...['CreateBucket', 'CreateBucketMetadataTableConfiguration', 'DeleteBucket', 'DeleteBucketPolicy'],
  ...['DeleteBucketMetadataTableConfiguration', 'DeleteBucketOwnershipControls', 'DeleteBucketWebsite'],
  ...[
    'GetAccelerateConfiguration',
    'GetAnalyticsConfiguration',
    'GetBucketAbac',
    'GetBucketAcl',
    'GetBucketCORS',
  ],
  ...[
    'GetBucketLocation',
    'GetBucketLogging',
    'GetBucketMetadataTableConfiguration',
    'GetBucketNotification',
  ],
  ...['GetBucketObjectLockConfiguration', 'GetBucketOwnershipControls', 'GetBucketPolicy'],
  ...['GetBucketPolicyStatus', 'GetBucketPublicAccessBlock', 'GetBucketRequestPayment', 'GetBucketTagging'],
  ...['GetBucketVersioning', 'GetBucketWebsite', 'GetEncryptionConfiguration'],
  ...['GetIntelligentTieringConfiguration', 'GetInventoryConfiguration', 'GetLifecycleConfiguration'],
  ...['GetMetricsConfiguration', 'GetReplicationConfiguration', 'ListBucket', 'ListBucketMultipartUploads'],
  ...['ListBucketVersions', 'ListTagsForResource', 'PutAccelerateConfiguration', 'PutAnalyticsConfiguration'],
  ...['PutBucketAbac', 'PutBucketAcl', 'PutBucketCORS', 'PutBucketLogging', 'PutBucketNotification'],
  ...['PutBucketObjectLockConfiguration', 'PutBucketOwnershipControls', 'PutBucketPolicy'],
  ...['PutBucketPublicAccessBlock', 'PutBucketRequestPayment', 'PutBucketTagging', 'PutBucketVersioning'],
  ...['PutBucketWebsite', 'PutEncryptionConfiguration', 'PutIntelligentTieringConfiguration'],
  ...['PutInventoryConfiguration', 'PutLifecycleConfiguration', 'PutMetricsConfiguration'],
  ...['PutReplicationConfiguration', 'TagResource', 'UntagResource'],
]
