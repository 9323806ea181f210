import { inHeader, long, string, structure } from '../../service/shape.ts'
import { accessesOfPut } from '../accesses.ts'
import { checksumHeaders } from '../checksums/checksum.ts'
import { bodyInput } from '../content/receive.ts'
import { writeConditionsOf } from '../objects/precondition.ts'
import { putNewObject } from '../objects/put-new.ts'
import { operation } from '../s3.ts'
import {
  checksumType,
  encryptionOutput,
  expirationOutput,
  newObjectInput,
  versionOutput,
  writeConditions,
} from '../shapes.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html */
export const putObject = operation({
  name: 'PutObject',
  http: { method: 'PUT', path: '/{Bucket}/{Key+}' },
  input: structure({
    ...newObjectInput,
    ...bodyInput,
    ...writeConditions,
    WriteOffsetBytes: inHeader('x-amz-write-offset-bytes', long()),
  }),
  output: structure({
    ...expirationOutput,
    ETag: inHeader('ETag', string()),
    ...checksumHeaders,
    ChecksumType: inHeader('x-amz-checksum-type', checksumType),
    ...versionOutput,
    ...encryptionOutput,
  }),
  accesses: accessesOfPut,
  async handle(s3, input, caller) {
    const conditions = writeConditionsOf(input)
    return await putNewObject(s3, input, caller, { event: 'ObjectCreated:Put', conditions })
  },
})
