import { ServiceException } from '../../service/exception.ts'
import { callOf } from '../../service/invoke.ts'
import type { StreamBody } from '../../service/shape.ts'
import { toGet } from '../asks.ts'
import type { ConsolePorts } from '../ports.ts'
import { findOperation } from './aws.ts'
import { badRequest, json, queryText, type Route } from './route.ts'

interface ObjectAnswer {
  readonly Body: StreamBody
  readonly ContentLength?: number
  readonly ContentRange?: string
}

/** An object's bytes, what it was made of, and where in it a record lies. */
export const objectRoutes = (ports: ConsolePorts): readonly Route[] => [
  [
    'GET',
    /^\/_standpipe\/api\/objects$/,
    'the operation',
    async (_match, request) => {
      const { bucket, key } = objectOf(request.query)
      const range = request.headers.get('range')
      const { bound, operation } = findOperation(ports.services(), 's3', 'GetObject')
      const versionId = request.query.get('versionId')
      const input = {
        ...{ Bucket: bucket, Key: key },
        ...(versionId !== null && { VersionId: versionId }),
        ...(range !== undefined && { Range: range }),
      }
      const caller = { ...request.caller, ...ports.scope(request) }
      const invoked = await bound.invoke(callOf(operation, input, caller))
      const output = invoked.output as ObjectAnswer
      return {
        status: output.ContentRange === undefined ? 200 : 206,
        headers: {
          // Whatever the object says it is: a payload is never shown as a page of this origin.
          'content-type': 'application/octet-stream',
          'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(key.split('/').at(-1)!)}`,
          'x-content-type-options': 'nosniff',
          'cache-control': 'no-store',
          ...(output.ContentLength !== undefined && { 'content-length': String(output.ContentLength) }),
          ...(output.ContentRange !== undefined && { 'content-range': output.ContentRange }),
        },
        body: output.Body,
      }
    },
  ],
  [
    'GET',
    /^\/_standpipe\/api\/objects\/origin$/,
    (_match, { query }) => [toGet(objectOf(query))],
    async (_match, { query }) => {
      const object = objectOf(query)
      return json({ origin: (await ports.origin(object)) ?? null })
    },
  ],
  [
    'GET',
    /^\/_standpipe\/api\/objects\/byte-range$/,
    (_match, { query }) => [toGet(objectOf(query))],
    async (_match, { query }) => {
      const position = Number(queryText(query, 'position'))
      if (!Number.isSafeInteger(position)) throw badRequest('position is a whole number.')
      const record = { shardId: queryText(query, 'shard'), position }
      const range = await ports.byteRange(objectOf(query), record)
      if (!range) throw new ServiceException('NotFound', 'No such record in this object.', 404)
      return json(range)
    },
  ],
]

const objectOf = (query: URLSearchParams) => ({
  bucket: queryText(query, 'bucket'),
  key: queryText(query, 'key'),
})
