import type { AwsClient } from './aws-client.ts'
import type { Expected } from './expected.ts'
import { LAKE } from './world.ts'

/** Uploads that were begun are listed with the parts that were answered, unless they may be over. */
export async function checkUploads(client: AwsClient, expected: Expected): Promise<string[]> {
  const broken: string[] = []
  const listing = await client.ok(`/${LAKE}?uploads&prefix=uploads/`)
  const listed = new Set([...listing.matchAll(/<UploadId>(.*?)<\/UploadId>/g)].map(([, id]) => id))
  for (const [id, upload] of expected.uploads) {
    const { key, version, parts, mayBeGone } = upload
    if (!listed.has(id)) {
      // Its object's register says whether it was completed.
      if (!mayBeGone) broken.push(`the upload ${id} of ${key} (${version}) is not listed`)
      expected.uploads.delete(id)
      continue
    }
    const answer = await client.ok(`/${LAKE}/${key}?uploadId=${id}`)
    const found = [...answer.matchAll(/<PartNumber>(\d+)<.*?<ETag>(.*?)<\/ETag>/gs)]
    for (const [part, etag] of parts)
      if (!found.some((match) => Number(match[1]) === part && match[2]!.replaceAll('&quot;', '"') === etag))
        broken.push(`part ${part} of the upload ${id} is not listed as it was answered`)
    upload.mayBeGone = false
  }
  return broken
}
