/** The peer: kinesalite, its records in LevelDB in the folder that is named, or else in memory (it never waits for the disk). */
import { createRequire } from 'node:module'

const kinesalite = createRequire(new URL('../package.json', import.meta.url))('kinesalite')

const [path] = process.argv.slice(2)
const server = kinesalite({ ...(path !== undefined && { path }), createStreamMs: 0, shardLimit: 100 })
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`))
