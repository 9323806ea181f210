import { readFile } from 'node:fs/promises'
import { systemRandom } from '../../clock/random.ts'
import { UsageError } from '../../server/config.ts'
import { type Call, CLIENT_SETTINGS, CommandFailure, command } from '../command.ts'
import { addKey, deleteKey, listKeys } from '../keys/iam-users.ts'
import { openKeyStore } from '../keys/key-store.ts'
import { columns } from '../terminal-text.ts'

const FLAGS = {
  admin: { doc: 'the key may do everything' },
  policy: { value: 'FILE', doc: 'the key may do what this IAM policy allows, a JSON file' },
  unencrypted: { doc: "to another machine's server: its secret may come back over plain http" },
} as const

export const keys = command({
  name: 'keys',
  args: 'add|list|delete [NAME|ID]',
  doc: 'keys of a closed server: add one (shown once), list them, delete one; a data folder that has any starts closed',
  settings: [...CLIENT_SETTINGS, 'data'],
  flags: FLAGS,
  async run(call) {
    const [action = '', name] = call.args
    const act = ACTIONS[action]
    if (!act) throw new UsageError(`'${action}' cannot be done to keys: it takes add, list or delete`)
    await act(call, name)
    return undefined
  },
})

type Act = (call: Call<typeof FLAGS>, name: string | undefined) => Promise<void>

const ACTIONS: Readonly<Record<string, Act>> = {
  async add(call, name = `key-${systemRandom.uuid().slice(0, 8)}`) {
    const { flags, json, out, err } = call
    const policy = flags.policy === undefined ? undefined : await policyIn(flags.policy)
    const isAdmin = flags.admin === true
    if (flags.unencrypted !== true) refusePlainHttp(call.server)
    const store = await openKeyStore(call, true)
    try {
      const made = await addKey(store.call, { name, isAdmin, policy })
      if (json) out(JSON.stringify(made))
      else {
        out(`AWS_ACCESS_KEY_ID=${made.accessKeyId}`)
        out(`AWS_SECRET_ACCESS_KEY=${made.secretAccessKey}`)
        err(`The key of ${name}; its secret is not shown again.`)
      }
      if (!made.isNewUser && (isAdmin || policy !== undefined))
        err(
          `${name} had a key already, which may now do the same: the rights are the name's. Another name has its own.`,
        )
      if (!isAdmin && policy === undefined && made.isNewUser)
        err(
          'It may do nothing yet: say --admin or --policy FILE with the same name, or give the user a policy by IAM.',
        )
      if (store.mode === 'open') err('The server goes on open, and is closed from its next start on.')
    } finally {
      await store.close()
    }
  },
  async list(call) {
    const store = await openKeyStore(call)
    try {
      const found = await listKeys(store.call)
      if (call.json) for (const key of found) call.out(JSON.stringify(key))
      else if (found.length === 0)
        call.out("There are no keys of 'standpipe keys'; those of --auth are in its file alone.")
      else
        for (const line of columns(
          found.map(({ accessKeyId, name, isActive, policies, lastUsedAt }) => [
            ...[accessKeyId, name, isActive ? 'active' : 'inactive', policies.join(', ') || 'may do nothing'],
            lastUsedAt === undefined ? 'never used' : `last used ${lastUsedAt}`,
          ]),
        ))
          call.out(line)
    } finally {
      await store.close()
    }
  },
  async delete(call, accessKeyId) {
    if (accessKeyId === undefined) throw new UsageError('ID is missing: keys list shows them')
    const store = await openKeyStore(call)
    try {
      // Its user has to go with it, for which it would have to sign once more.
      if (store.mode === 'closed' && accessKeyId === call.env.AWS_ACCESS_KEY_ID)
        throw new CommandFailure(
          `${accessKeyId} is the key in the environment, by which this is asked for: delete it with another admin's, or with the server stopped`,
        )
      const left = await deleteKey(store.call, accessKeyId)
      call.out(call.json ? JSON.stringify({ accessKeyId, left }) : `${accessKeyId} is deleted.`)
      if (left === 0) call.err('No key is left: without --auth the server is open at its next start.')
    } finally {
      await store.close()
    }
  },
}

/** The command line speaks plain http, and a new secret is in the answer. */
function refusePlainHttp({ host, port }: Call['server']): void {
  if (/^(localhost|127\.\d+\.\d+\.\d+|::1|\[::1\]|0\.0\.0\.0|::)$/.test(host)) return
  throw new CommandFailure(
    `the secret would come from http://${host}:${port} unencrypted: make the key on that machine, or by https with IAM's CreateAccessKey, or say --unencrypted`,
  )
}

async function policyIn(path: string): Promise<string> {
  try {
    return JSON.stringify(JSON.parse(await readFile(path, 'utf8')))
  } catch (error) {
    throw new CommandFailure(`--policy ${path} cannot be used: ${(error as Error).message}`)
  }
}
