import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { callerOf } from '../../caller.ts'
import { serveS3 } from '../serve-s3.ts'
import { call, PATH } from './control-request.ts'

/** Asserts what a request on tags answers of what is no bucket of the caller's; `query` and `body` are right. */
export async function assertWantsTagged(
  t: TestContext,
  method: string,
  { query = '', body = '' }: { readonly query?: string; readonly body?: string } = {},
): Promise<void> {
  const { endpoint, call: invoke, errors } = await serveS3(t)
  const missing = await call(endpoint, method, PATH.replace('lake', 'none') + query, body)
  assert.equal(missing.status, 404)
  assert.match(
    missing.body,
    /<ErrorResponse [^>]+><Error><Code>NoSuchBucket<\/Code><Message>The specified bucket does not exist<.*<\/Error><RequestId>/,
  )
  await invoke(
    'CreateBucket',
    { Bucket: 'theirs' },
    callerOf({ account: '000000000000', signal: () => t.signal }),
  )
  const theirs = await call(endpoint, method, PATH.replace('lake', 'theirs') + query, body)
  assert.deepEqual([theirs.status, /<Code>AccessDenied</.test(theirs.body)], [403, true])
  const grant = encodeURIComponent('arn:aws:s3:us-east-1:123456789012:access-grants/default')
  assert.equal((await call(endpoint, method, `/v20180820/tags/${grant}${query}`, body)).status, 501)
  const odd = await call(endpoint, method, `/v20180820/tags/lake${query}`, body)
  assert.deepEqual([odd.status, /<Code>InvalidRequest</.test(odd.body)], [400, true], odd.body)
  assert.deepEqual(errors, [])
}
