import type { Caller } from '../src/service/operation.ts'
import { rootOf } from '../src/service/principal.ts'

/** Somebody who calls: the root user of an account, on this machine, for as long as a test likes. */
export function callerOf(known: Partial<Caller> = {}): Caller {
  const { account = '123456789012', region = 'us-east-1' } = known
  return {
    account,
    region,
    principal: rootOf({ account, region, accessKeyId: account }),
    connection: { address: '127.0.0.1', isEncrypted: false },
    requestId: 'request',
    url: 'http://localhost/',
    signal: () => new AbortController().signal,
    ...known,
  }
}
