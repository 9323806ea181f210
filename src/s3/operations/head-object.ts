import { structure } from '../../service/shape.ts'
import { objectAnswer, objectOutput, readInput, selectObject } from '../objects/get-or-head.ts'
import { operation } from '../s3.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html */
export const headObject = operation({
  name: 'HeadObject',
  action: 's3:GetObject',
  http: { method: 'HEAD', path: '/{Bucket}/{Key+}' },
  input: structure(readInput),
  output: structure(objectOutput),
  handle: async (s3, input, caller) => objectAnswer(await selectObject(s3, input, caller), input),
})
