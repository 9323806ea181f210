import { bytes, flag, number, shape, text } from '../../engine/ports/checks.ts'
import { document } from '../../engine/ports/document.ts'

export interface AccessKey {
  readonly account: string
  /** Whose it is: the name, which a rename changes here too, and the id. */
  readonly userName: string
  readonly userId: string
  readonly isActive: boolean
  readonly createdAt: number
  /** The secret, as the engine's secret box sealed it for the document's key. */
  readonly sealedSecret: Uint8Array
}

const KEYS = 'iam/access-key/'

export const accessKeyDocument = document<AccessKey>({
  keys: KEYS,
  version: 1,
  check: shape<AccessKey>({
    ...{ account: text, userName: text, userId: text, isActive: flag },
    ...{ createdAt: number, sealedSecret: bytes },
  }),
})

export const accessKeyKey = (accessKeyId: string): string => KEYS + accessKeyId

/** What an access key was last used for. */
export interface LastUse {
  readonly at: number
  readonly service: string
  readonly region: string
}

const USES = 'iam/access-key-use/'

export const lastUseDocument = document<LastUse>({
  keys: USES,
  version: 1,
  check: shape<LastUse>({ at: number, service: text, region: text }),
})

export const lastUseKey = (accessKeyId: string): string => USES + accessKeyId
