/**
 * The ceiling of any Node server that has to know what it is sent: it parses the body, and of each record it hashes the
 * partition key and decodes the data. It stores nothing, and gives a canned answer.
 */
import { hash } from 'node:crypto'
import { createServer } from 'node:http'

interface Sent {
  readonly PartitionKey: string
  readonly Data: string
}

const answer = '{"ShardId":"shardId-000000000000","SequenceNumber":"0"}'

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const sent: Sent & { readonly Records?: readonly Sent[] } = JSON.parse(Buffer.concat(chunks).toString())
    for (const { PartitionKey, Data } of sent.Records ?? [sent]) {
      hash('md5', PartitionKey, 'hex')
      Buffer.from(Data, 'base64')
    }
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1', 'content-length': answer.length })
    response.end(answer)
  })
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  console.log(`http://127.0.0.1:${typeof address === 'object' ? address?.port : address}`)
})
