/** The ceiling of any Node server: reads the whole body and gives a canned answer. */
import { createServer } from 'node:http'

const answer = '{"ShardId":"shardId-000000000000","SequenceNumber":"0"}'

const server = createServer((request, response) => {
  request.resume()
  request.on('end', () => {
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1', 'content-length': answer.length })
    response.end(answer)
  })
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  console.log(`http://127.0.0.1:${typeof address === 'object' ? address?.port : address}`)
})
