import { createClock } from '../../clock/clock.ts'
import { systemRandom } from '../../clock/random.ts'
import { openEmbeddedEngine } from '../../engine/embedded/embedded-engine.ts'
import { createIam } from '../../iam/iam.ts'
import { iamService } from '../../iam/service.ts'
import { bind, callOf } from '../../service/invoke.ts'
import { rootOf } from '../../service/principal.ts'
import { createKeptKeys } from './keys/kept-over-reset.ts'

/** IAM of a data folder that no server uses, which is locked meanwhile. */
export interface FolderIam {
  /** As the account's root user. Throws what IAM answers. */
  call(operation: string, input: object): Promise<unknown>
  close(): Promise<void>
}

interface FolderIamOptions {
  readonly folder: string
  readonly account: string
  readonly region: string
  readonly onError: (error: unknown) => void
}

/** Rejects with DataFolderError. */
export async function openFolderIam({
  folder,
  account,
  region,
  onError,
}: FolderIamOptions): Promise<FolderIam> {
  const clock = createClock({ mode: 'real', onError })
  const engine = await openEmbeddedEngine({ dataDir: folder, clock, random: systemRandom, onError })
  const { metadata, secrets } = engine
  // Of a reset that was killed: the next start would put back what is deleted here.
  try {
    await createKeptKeys({ folder }).putBack(engine)
  } catch (error) {
    await engine.close()
    clock.close()
    throw error
  }
  const iam = bind(iamService, createIam({ metadata, secrets, clock, random: systemRandom }), () => undefined)
  const caller = {
    ...{ account, region, principal: rootOf({ account, region, accessKeyId: '' }) },
    ...{ connection: { address: '', isEncrypted: true }, requestId: systemRandom.uuid(), url: '' },
    signal: () => new AbortController().signal,
  }
  return {
    async call(name, input) {
      const operation = iamService.operations.get(name)
      if (!operation) throw new TypeError(`IAM has no ${name}`)
      return (await iam.invoke(callOf(operation as never, input, caller))).output
    },
    async close() {
      await engine.close()
      clock.close()
    },
  }
}
