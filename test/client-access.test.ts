import assert from 'node:assert/strict'
import { test } from 'node:test'
import { run } from './process.ts'

/** Of a server in this process, and of S3 alone behind the wire. */
const SUITES = ['firehose/sdk', 's3/journeys/refusals']

test('suites of clients pass against closed servers, too: the short form of npm run test:closed', async () => {
  const { NODE_TEST_CONTEXT: _, ...inherited } = process.env
  const files = SUITES.map((name) => new URL(`${name}.test.ts`, import.meta.url).pathname)
  const { code, stdout } = await run(process.execPath, ['--test', '--test-reporter=tap', ...files], {
    env: { ...inherited, STANDPIPE_TEST_ACCESS: 'closed' },
  })
  assert.equal(code, 0, stdout)
  assert.match(stdout, /^# skipped 0$/m)
})
