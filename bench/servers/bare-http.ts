/**
 * The ceiling of any Node server: reads the whole body and gives a canned answer. GET is answered with the body that
 * was put last.
 */
import { createServer } from 'node:http'

const answer = '{"ShardId":"shardId-000000000000","SequenceNumber":"0"}'
let put = Buffer.alloc(0)

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    if (request.method === 'GET') {
      response.writeHead(200, { 'content-type': 'binary/octet-stream', 'content-length': put.length })
      return void response.end(put)
    }
    if (request.url === '/bench/last') put = Buffer.concat(chunks)
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1', 'content-length': answer.length })
    response.end(answer)
  })
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  console.log(`http://127.0.0.1:${typeof address === 'object' ? address?.port : address}`)
})
