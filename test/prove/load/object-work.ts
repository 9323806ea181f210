import { createHash } from 'node:crypto'
import { ABSENT, contentOf, versionOf } from './questions.ts'
import type { Load } from './work.ts'
import { LAKE } from './world.ts'

const KEYS = 5
const PART_BYTES = 5 * 2 ** 20
export const etagOf = (bytes: Uint8Array) => `"${createHash('md5').update(bytes).digest('hex')}"`

/** Puts or deletes an object of those that are the worker's own. */
export async function changeObjects(load: Load, worker: string): Promise<void> {
  const { client, journal, random } = load
  const key = `objects/${worker}${random.below(KEYS)}`
  const path = `/${LAKE}/${key}`
  if (random.below(4) === 0) {
    const registers = { [`object:${key}`]: ABSENT }
    await journal.during({ what: 'set', registers }, () => client.ok(path, { method: 'DELETE' }))
    return
  }
  const version = versionOf(load.number(), 40 + Math.floor(random.next() ** 4 * 900_000))
  await journal.during({ what: 'set', registers: { [`object:${key}`]: version } }, () =>
    client.ok(path, { method: 'PUT', body: new Uint8Array(contentOf(version)) }),
  )
}

/** Goes on with an upload: there are some that are begun, and some are left by a server that died. */
export async function changeUploads(load: Load): Promise<void> {
  const { client, journal, random, expected } = load
  const known = [...expected.uploads].filter(([, { mayBeGone }]) => !mayBeGone)
  if (known.length < 2) return await createUpload(load)
  const [upload, { key, version, parts }] = random.pick(known)
  const path = `/${LAKE}/${key}?uploadId=${upload}`
  const bytes = contentOf(version).subarray(parts.size * PART_BYTES, (parts.size + 1) * PART_BYTES)
  if (bytes.length > 0) {
    const part = parts.size + 1
    await journal.during({ what: 'upload part', upload, part }, async () => {
      await client.ok(`${path}&partNumber=${part}`, { method: 'PUT', body: new Uint8Array(bytes) })
      return etagOf(bytes)
    })
  } else if (random.below(5) === 0)
    await journal.during({ what: 'abort upload', upload }, () => client.ok(path, { method: 'DELETE' }))
  else {
    const lines = [...parts].map(
      ([part, etag]) => `<Part><PartNumber>${part}</PartNumber><ETag>${etag}</ETag></Part>`,
    )
    const body = `<CompleteMultipartUpload>${lines.join('')}</CompleteMultipartUpload>`
    await journal.during({ what: 'complete upload', upload, registers: { [`object:${key}`]: version } }, () =>
      client.ok(path, { method: 'POST', body }),
    )
  }
}

async function createUpload({ client, journal, random, number }: Load): Promise<void> {
  const key = `uploads/${random.below(KEYS)}`
  const isLarge = random.below(15) === 0
  const version = versionOf(number(), 40 + random.below(60_000) + (isLarge ? PART_BYTES : 0))
  await journal.during({ what: 'create upload', key, version }, async () => {
    const answer = await client.ok(`/${LAKE}/${key}?uploads`, { method: 'POST' })
    return /<UploadId>(.*)<\/UploadId>/.exec(answer)![1]!
  })
}
