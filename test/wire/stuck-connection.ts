/**
 * Run by itself: a server whose HTTP/2 client, over TLS, sends pings, reads none of the answers and goes. Node then
 * neither reads that connection nor notices its end, and it does not keep the process alive. Prints `closed`.
 */
import { once } from 'node:events'
import { connect } from 'node:tls'
import { start } from '../../src/start.ts'

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
const SETTINGS = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0])
const PING = Buffer.from([0, 0, 8, 6, 0, 0, 0, 0, 0, ...new Uint8Array(8)])
const sent = Buffer.concat([PREFACE, SETTINGS, ...Array.from({ length: 5_000 }, () => PING)])

const standpipe = await start({ port: 0, ephemeral: true, clock: 'manual' })
for (let count = 0; count < 5; count++) {
  const client = connect({ port: standpipe.port, host: '127.0.0.1', rejectUnauthorized: false })
  client.on('error', () => undefined)
  await once(client, 'secureConnect')
  await new Promise((resolve) => client.write(sent, resolve))
  client.destroy()
}
await standpipe.close()
console.log('closed')
