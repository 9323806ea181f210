import { useSignal } from '@preact/signals'
import { Needs } from '../../parts/access/needs.tsx'
import { Failure, useAction } from '../../parts/action.tsx'
import { Snippet } from '../../parts/snippet.tsx'
import { hrefOf, navigate } from '../../router.ts'
import { aws } from '../../server/api.ts'
import { createStreamSnippets } from '../../texts/snippets.ts'

/** CreateStream as a form, and as text to copy. */
export function CreateStream({ suggestion }: { readonly suggestion: string }) {
  const name = useSignal(suggestion)
  const mode = useSignal('PROVISIONED')
  const shardCount = useSignal(1)
  const create = useAction(async () => {
    await aws('kinesis', 'CreateStream', {
      StreamName: name.value,
      StreamModeDetails: { StreamMode: mode.value },
      ...(mode.value === 'PROVISIONED' && { ShardCount: shardCount.value }),
    })
    navigate(hrefOf(['streams', name.value]))
  })
  return (
    <div class="columns">
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault()
          void create.start()
        }}
      >
        <label>
          Stream name
          <input
            name="stream-name"
            required
            pattern="[a-zA-Z0-9_.\-]+"
            maxLength={128}
            value={name}
            onInput={(event) => {
              name.value = event.currentTarget.value
            }}
          />
        </label>
        <div class="fields">
          <label>
            Capacity mode
            <select
              value={mode}
              onChange={(event) => {
                mode.value = event.currentTarget.value
              }}
            >
              <option value="PROVISIONED">Provisioned</option>
              <option value="ON_DEMAND">On demand</option>
            </select>
          </label>
          {mode.value === 'PROVISIONED' && (
            <label>
              Shards (1 MiB/s and 1,000 records/s each)
              <input
                type="number"
                min={1}
                max={1000}
                required
                value={shardCount}
                onInput={(event) => {
                  shardCount.value = event.currentTarget.valueAsNumber || 1
                }}
              />
            </label>
          )}
        </div>
        <Needs actions={['kinesis:CreateStream']} to="create a stream">
          <div class="row">
            <button type="submit" class="primary" disabled={create.busy.value}>
              Create stream
            </button>
          </div>
        </Needs>
        <Failure text={create.failure.value} />
      </form>
      <Snippet
        variants={createStreamSnippets({
          name: name.value || 'my-stream',
          shardCount: mode.value === 'PROVISIONED' ? shardCount.value : undefined,
        })}
      />
    </div>
  )
}
