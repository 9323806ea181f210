import { service } from '../../service/operation.ts'
import { checkBody } from '../checksums/whole-body.ts'
import { offered } from '../offered.ts'
import type { S3 } from '../s3.ts'
import { listTagsForResource } from './operations/list-tags-for-resource.ts'
import { tagResource } from './operations/tag-resource.ts'
import { untagResource } from './operations/untag-resource.ts'
import { UNSUPPORTED } from './unsupported.ts'

/**
 * S3's control plane: what Terraform tags buckets with. Signed as S3 and told from it by its paths.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_AWS_S3_Control.html
 */
export const s3ControlService = service<S3>({
  id: 'S3 Control',
  signingName: 's3',
  xmlNamespace: 'http://awss3control.amazonaws.com/doc/2018-08-20/',
  recognizedBy: { pathPrefix: '/v20180820/', header: 'x-amz-account-id' },
  wrapsErrors: true,
  validation: 'none',
  checkBody,
  operations: [offered(tagResource), offered(untagResource), offered(listTagsForResource)],
  unsupported: UNSUPPORTED,
})
