/** The peer: kinesalite, its records in LevelDB on disk (it does not wait for the disk). */
import { mkdtempSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const kinesalite = createRequire(new URL('../package.json', import.meta.url))('kinesalite')

const server = kinesalite({
  path: mkdtempSync(join(tmpdir(), 'kinesalite-')),
  createStreamMs: 0,
  shardLimit: 100,
})
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`))
