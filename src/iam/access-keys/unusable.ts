import type { Iam } from '../iam.ts'
import { accessKeyDocument } from './access-key.ts'

/** Where it is wrong, as a user names it. */
const WHERE = 'IAM access keys'
const MOST_NAMED = 5

interface UnusableKeys {
  /** Those whose secrets cannot be opened; said at once, in one sentence. */
  found(...accessKeyIds: readonly string[]): void
  deleted(accessKeyId: string): void
}

const known = new WeakMap<Iam, UnusableKeys>()

/** Says which access keys cannot be used as long as there are any. */
export function unusableKeys(iam: Iam): UnusableKeys {
  const made = known.get(iam) ?? createUnusableKeys(iam)
  known.set(iam, made)
  return made
}

function createUnusableKeys({ problems }: Pick<Iam, 'problems'>): UnusableKeys {
  const ids = new Set<string>()
  const say = () => {
    if (ids.size === 0) return problems.solved('KeysUnusable', WHERE)
    const named = [...ids].slice(0, MOST_NAMED).join(', ')
    const more = ids.size > MOST_NAMED ? ` and ${ids.size - MOST_NAMED} more` : ''
    const what = `access keys cannot be used, for standpipe.key is not the file that their secrets were encrypted with (it was lost, or the folder was restored from a backup without --with-keys): ${named}${more}. Put that file back, or delete the keys and make new ones`
    problems.report({ code: 'KeysUnusable', where: WHERE, what })
  }
  return {
    found(...accessKeyIds) {
      const before = ids.size
      for (const id of accessKeyIds) ids.add(id)
      if (ids.size > before) say()
    },
    deleted(accessKeyId) {
      if (ids.delete(accessKeyId)) say()
    },
  }
}

/** Once, before the first request: looks at every access key. */
export async function findUnusableKeys(iam: Iam): Promise<void> {
  const { metadata, secrets } = iam
  const prefix = accessKeyDocument.keys
  const keys = await accessKeyDocument.list(metadata, { prefix, damaged: 'left out' })
  const unusable = keys.filter(({ key, value }) => !secrets.open(value.sealedSecret, key))
  unusableKeys(iam).found(...unusable.map(({ key }) => key.slice(prefix.length)))
}
