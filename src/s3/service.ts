import { service } from '../service/operation.ts'
import { offered } from './offered.ts'
import { abortMultipartUpload } from './operations/abort-multipart-upload.ts'
import { completeMultipartUpload } from './operations/complete-multipart-upload.ts'
import { copyObject } from './operations/copy-object.ts'
import { createBucket } from './operations/create-bucket.ts'
import { createMultipartUpload } from './operations/create-multipart-upload.ts'
import { deleteBucket } from './operations/delete-bucket.ts'
import { deleteObject } from './operations/delete-object.ts'
import { deleteObjects } from './operations/delete-objects.ts'
import { getBucketLocation } from './operations/get-bucket-location.ts'
import { getObject } from './operations/get-object.ts'
import { headBucket } from './operations/head-bucket.ts'
import { headObject } from './operations/head-object.ts'
import { listBuckets } from './operations/list-buckets.ts'
import { listMultipartUploads } from './operations/list-multipart-uploads.ts'
import { listObjectVersions } from './operations/list-object-versions.ts'
import { listObjects } from './operations/list-objects.ts'
import { listObjectsV2 } from './operations/list-objects-v2.ts'
import { listParts } from './operations/list-parts.ts'
import { putObject } from './operations/put-object.ts'
import { uploadPart } from './operations/upload-part.ts'
import { uploadPartCopy } from './operations/upload-part-copy.ts'
import type { S3 } from './s3.ts'
import { UNSUPPORTED } from './unsupported.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html */
export const s3Service = service<S3>({
  id: 'S3',
  signingName: 's3',
  xmlNamespace: 'http://s3.amazonaws.com/doc/2006-03-01/',
  validation: 'none',
  operations: [
    offered(listBuckets),
    offered(createBucket),
    offered(headBucket),
    offered(deleteBucket),
    offered(getBucketLocation),
    offered(listObjects),
    offered(listObjectsV2),
    offered(listObjectVersions),
    offered(putObject),
    offered(getObject),
    offered(headObject),
    offered(deleteObject),
    offered(deleteObjects),
    offered(copyObject),
    offered(createMultipartUpload),
    offered(uploadPart),
    offered(uploadPartCopy),
    offered(completeMultipartUpload),
    offered(abortMultipartUpload),
    offered(listParts),
    offered(listMultipartUploads),
  ],
  unsupported: UNSUPPORTED,
})
