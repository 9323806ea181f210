import { webhookRefusal } from '../../remote/webhook.ts'
import { UsageError } from '../usage-error.ts'

const NAME = /^[A-Za-z0-9._-]{1,64}$/
/** A URL may hold commas: one that ends it stands before the next name. */
const BETWEEN = /,(?=[A-Za-z0-9._-]{1,64}=https?:)/i

/** `NAME=URL`, several with commas between. Undefined when one of them is none; throws UsageError for what cannot be called. */
export function parseWebhooks(text: string): readonly string[] | undefined {
  const given = text.split(BETWEEN).map((one) => one.trim())
  const names = new Set<string>()
  for (const one of given) {
    const { name, url } = partsOf(one)
    if (!NAME.test(name)) return undefined
    const refusal = webhookRefusal(url)
    // The URL may hold a secret, and this is printed.
    if (refusal !== undefined)
      throw new UsageError(`--webhook ${name}: this is no URL of http or https that can be called`)
    if (names.has(name)) throw new UsageError(`--webhook ${name} is given twice`)
    names.add(name)
  }
  return given
}

function partsOf(text: string): { readonly name: string; readonly url: string } {
  const at = text.indexOf('=')
  return { name: text.slice(0, Math.max(at, 0)), url: text.slice(at + 1) }
}

/** URLs by name. */
export const webhooksOf = ({
  webhook,
}: {
  readonly webhook: readonly string[]
}): ReadonlyMap<string, string> =>
  new Map(
    webhook.map((one) => {
      const { name, url } = partsOf(one)
      return [name, url]
    }),
  )
