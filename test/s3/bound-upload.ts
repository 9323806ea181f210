import { bodyOf, boundS3, MiB } from './bound-s3.ts'

export const OBJECT = { Bucket: 'lake', Key: 'dir/object' }
export const PARTS = [Buffer.alloc(5 * MiB, 'a'), Buffer.alloc(5 * MiB, 'b'), Buffer.from('the end')]

/** An upload that has begun, and how to go on with it. */
export async function uploading(more: object = {}) {
  const bound = await boundS3()
  const { UploadId } = await bound.call('CreateMultipartUpload', { ...OBJECT, ...more })
  const part = async (PartNumber: number, data: Uint8Array, about: object = {}) =>
    bound.call('UploadPart', { ...OBJECT, UploadId, PartNumber, Body: bodyOf(data), ...about })
  const complete = (Parts: object[], about: object = {}) => ({
    ...OBJECT,
    UploadId,
    MultipartUpload: { Parts },
    ...about,
  })
  return { ...bound, UploadId, part, complete }
}
