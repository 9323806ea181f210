import type { TestContext } from 'node:test'
import type { Credential } from '../../src/auth/credentials.ts'
import { systemRandom } from '../../src/clock/random.ts'
import { createMemoryStore } from '../../src/engine/memory/memory-engine.ts'
import { iamService } from '../../src/iam/service.ts'
import { openIdentities } from '../../src/server/access/identities.ts'
import { bind, callOf } from '../../src/service/invoke.ts'
import { stsService } from '../../src/sts/service.ts'
import { callerOf } from '../caller.ts'

export const ACCOUNT = '123456789012'

/** IAM and STS without a wire, on a time that only the test moves, and another process on the same store. */
export async function iamWorld(t: TestContext) {
  const time = { now: Date.parse('2026-03-01T00:00:00Z') }
  const store = createMemoryStore({ clock: { now: () => time.now } })
  const ending = new AbortController()
  t.after(() => ending.abort())
  const open = () =>
    openIdentities({
      engine: store.open(),
      clock: { now: () => time.now },
      random: systemRandom,
      machineNow: () => time.now,
      signal: ending.signal,
    })
  const [here, there] = [await open(), await open()]
  const bound = [bind(iamService, here.iam, () => undefined), bind(stsService, here.sts, () => undefined)]
  /** Calls an operation; the answer's members are as AWS names them. */
  async function call(
    name: string,
    input: object,
    caller = callerOf(),
  ): Promise<Readonly<Record<string, unknown>>> {
    const of = bound.find(({ service }) => service.operations.has(name))!
    const invoked = await of.invoke(callOf(of.service.operations.get(name)!, input, caller))
    return invoked.output as Readonly<Record<string, unknown>>
  }
  /** Makes a key of a user, and finds it. */
  async function keyOf(UserName: string): Promise<Credential> {
    const { AccessKey } = await call('CreateAccessKey', { UserName })
    return (await here.credentials.find((AccessKey as { AccessKeyId: string }).AccessKeyId))!
  }
  return { time, here, there, call, keyOf }
}
