import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { Log } from '../../src/server/log.ts'
import type { StartOptions } from '../../src/start.ts'
import { allow, deny } from '../auth/users.ts'
import { temporaryFolder } from '../process.ts'
import { startServer } from '../server.ts'

export const ADMIN = { accessKeyId: 'ADMINSKEY', secretAccessKey: 'the-secret-of-the-admin' }
/** May look at most, at the records of one stream, and change nothing but what is refused by its resource. */
export const READER = { accessKeyId: 'READERSKEY', secretAccessKey: 'the-secret-of-the-reader' }
/** May look at what there is, by its own policies. */
export const LOOKER = { accessKeyId: 'LOOKERSKEY', secretAccessKey: 'the-secret-of-the-looker' }
/** May do nothing at all. */
export const NOBODY = { accessKeyId: 'NOBODYSKEY', secretAccessKey: 'the-secret-of-a-nobody' }

export const STREAM_ARN = 'arn:aws:kinesis:us-east-1:000000000000:stream'
const READERS = [
  allow(['standpipe:Get*', 'firehose:Describe*', 's3:ListBucket', 's3:GetObject', 'kinesis:List*']),
  allow(['kinesis:GetRecords', 'kinesis:PutRecords'], `${STREAM_ARN}/open-to-readers`),
  deny('standpipe:GetCost'),
]

/** A closed server with two streams, what it logged, and how to take a key away from it. */
export async function startClosed(t: TestContext, more: Pick<StartOptions, 'port' | 'allowHost'> = {}) {
  const folder = temporaryFolder(t)
  const [auth, accessLog] = [join(folder, 'keys.json'), join(folder, 'access.log')]
  const write = (keys: readonly object[]) => writeFileSync(auth, JSON.stringify({ keys }), { mode: 0o600 })
  const keys = [
    { ...ADMIN, policies: [documentOf(allow('*'))] },
    { ...READER, policies: [documentOf(...READERS)] },
    { ...LOOKER, policies: [documentOf(allow('standpipe:GetOverview'))] },
    NOBODY,
  ]
  write(keys)
  const lines: unknown[] = []
  const say = (...line: unknown[]) => void lines.push(line)
  const log: Log = { debug: say, info: say, warn: say, error: say }
  const standpipe = await startServer(t, { auth, accessLog, log, ...more })
  const root = `${standpipe.endpoint}/_standpipe/`
  const sessionOf = async (key: object): Promise<string> => {
    const answer = await fetch(`${root}api/session`, { method: 'POST', body: JSON.stringify(key) })
    return answer.headers.get('set-cookie')?.split(';')[0] ?? ''
  }
  const cookie = await sessionOf(ADMIN)
  const aws = async (operation: string, input: object) => {
    const init = { method: 'POST', headers: { cookie }, body: JSON.stringify(input) }
    const answer = await fetch(`${root}api/aws/${operation}`, init)
    assert.equal(answer.status, 200, await answer.text())
  }
  for (const StreamName of ['clicks', 'open-to-readers'])
    await aws('kinesis/CreateStream', { StreamName, ShardCount: 1 })
  return {
    ...{ standpipe, root, lines, accessLog, sessionOf, aws },
    async takeAway({ accessKeyId }: typeof ADMIN): Promise<void> {
      write(keys.filter((key) => key.accessKeyId !== accessKeyId))
      await standpipe.reread()
    },
  }
}

const documentOf = (...Statement: readonly object[]) => ({ Version: '2012-10-17', Statement })
