/** The peer: s3rver, its objects in files (it does not wait for the disk). */
import { mkdtempSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const S3rver = createRequire(new URL('../package.json', import.meta.url))('s3rver')

const server = new S3rver({
  port: 0,
  address: '127.0.0.1',
  silent: true,
  allowMismatchedSignatures: true,
  directory: mkdtempSync(join(tmpdir(), 's3rver-')),
})
server.run().then(({ port }) => console.log(`http://127.0.0.1:${port}`))
