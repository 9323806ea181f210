import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { Needs } from '../../parts/access/needs.tsx'
import { Failure, useAction } from '../../parts/action.tsx'
import { aws, textOf } from '../../server/api.ts'
import { mayDo } from '../../server/session.ts'
import { utcText } from '../../texts/quantity.ts'

interface Consumer {
  readonly ConsumerName: string
  readonly ConsumerARN: string
  readonly ConsumerStatus: string
  readonly ConsumerCreationTimestamp: number
}

interface ConsumerPage {
  readonly Consumers: readonly Consumer[]
  readonly NextToken?: string
}

/** Registered consumers (enhanced fan-out). Whoever calls GetRecords registers nowhere and is not listed. */
export function ConsumersTab({ streamArn }: { readonly streamArn: string }) {
  const consumers = useSignal<readonly Consumer[]>([])
  const name = useSignal('')
  const failure = useSignal('')
  const refresh = async () => {
    const all: Consumer[] = []
    for (let next: object | undefined = {}; next; ) {
      const page: ConsumerPage = await aws('kinesis', 'ListStreamConsumers', {
        StreamARN: streamArn,
        ...next,
      })
      all.push(...page.Consumers)
      next = page.NextToken ? { NextToken: page.NextToken } : undefined
    }
    consumers.value = all
  }
  useEffect(() => {
    refresh().catch((error) => {
      failure.value = textOf(error)
    })
  }, [streamArn])
  const change = useAction(async (operation: string, input: object) => {
    await aws('kinesis', operation, { StreamARN: streamArn, ...input })
    await refresh()
  })
  return (
    <div class="stack">
      <p class="muted">
        Registered consumers have 2 MiB/s of each shard to themselves. Readers that call GetRecords share a
        shard's and register nowhere; neither does this console.
      </p>
      <Failure text={failure.value || change.failure.value} />
      <Needs actions={['kinesis:RegisterStreamConsumer']} to="register a consumer">
        <form
          class="row end"
          onSubmit={(event) => {
            event.preventDefault()
            void change.start('RegisterStreamConsumer', { ConsumerName: name.value })
          }}
        >
          <label>
            Consumer name
            <input
              required
              pattern="[a-zA-Z0-9_.\-]+"
              value={name}
              onInput={(event) => {
                name.value = event.currentTarget.value
              }}
            />
          </label>
          <button type="submit" disabled={change.busy.value}>
            Register
          </button>
        </form>
      </Needs>
      <div class="panel scroll">
        {consumers.value.length === 0 ? (
          <p class="muted">None is registered.</p>
        ) : (
          <table>
            <thead>
              <tr>
                <th>Consumer</th>
                <th>Status</th>
                <th>Since</th>
                <th>Change</th>
              </tr>
            </thead>
            <tbody>
              {consumers.value.map(({ ConsumerName, ConsumerStatus, ConsumerCreationTimestamp }) => (
                <tr key={ConsumerName}>
                  <th scope="row">{ConsumerName}</th>
                  <td>{ConsumerStatus}</td>
                  <td class="number">{utcText(ConsumerCreationTimestamp * 1_000)}</td>
                  <td>
                    {mayDo('kinesis:DeregisterStreamConsumer') && (
                      <button
                        type="button"
                        class="danger"
                        onClick={() => change.start('DeregisterStreamConsumer', { ConsumerName })}
                      >
                        Deregister
                      </button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
    </div>
  )
}
