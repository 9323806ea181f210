import type { Dialect } from '../../service/dialect.ts'
import { addressOf } from './address.ts'
import { framingOf } from './aws-chunked.ts'
import { decodeWords, encodeWords } from './encoded-words.ts'
import { checkPresigned, headersOf } from './presigned.ts'
import { isSubresource, refuseUnmatched } from './unmatched.ts'

/** What S3 reads, says and writes in ways that the REST protocol knows nothing of; its control plane shares it. */
export const s3ControlDialect: Dialect = {
  isTelling: isSubresource,
  refuse: refuseUnmatched,
  authenticate: checkPresigned,
  headersOf,
  framingOf,
  encodeWords,
  decodeWords,
}

export const s3Dialect: Dialect = { ...s3ControlDialect, addressOf }
