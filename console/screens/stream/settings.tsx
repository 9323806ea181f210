import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { StreamView } from '../../../src/api/views.ts'
import { Failure, useAction } from '../../parts/action.tsx'
import { ConfirmButton } from '../../parts/confirm-button.tsx'
import { hrefOf, navigate } from '../../router.ts'
import { aws, textOf } from '../../server/api.ts'

interface Tag {
  readonly Key: string
  readonly Value?: string
}

interface Changing {
  /** An operation of Kinesis, by its name and input. */
  readonly change: ReturnType<typeof useAction<[operation: string, input: object]>>
}

/** Retention, mode, tags, and the end of the stream. */
export function SettingsTab({ stream }: { readonly stream: StreamView }) {
  const { name } = stream
  const tags = useSignal<readonly Tag[]>([])
  const failure = useSignal('')
  const refresh = async () => {
    tags.value = (await aws<{ Tags: Tag[] }>('kinesis', 'ListTagsForStream', { StreamName: name })).Tags
  }
  useEffect(() => {
    refresh().catch((error) => {
      failure.value = textOf(error)
    })
  }, [name])
  const change = useAction(async (operation: string, input: object) => {
    await aws('kinesis', operation, input)
    await refresh()
  })
  const remove = useAction(async () => {
    await aws('kinesis', 'DeleteStream', { StreamName: name, EnforceConsumerDeletion: true })
    navigate(hrefOf([]))
  })
  return (
    <div class="stack">
      <Failure text={failure.value || change.failure.value || remove.failure.value} />
      <Capacity stream={stream} change={change} />
      <Tags name={name} tags={tags.value} change={change} />
      <section class="panel spread">
        <p>Deleting the stream forgets its records; what was delivered stays in its bucket.</p>
        <ConfirmButton
          label="Delete stream"
          question={`Delete the stream ${name} and all its records?`}
          onConfirm={() => remove.start()}
        />
      </section>
    </div>
  )
}

function Capacity({ stream, change }: Changing & { readonly stream: StreamView }) {
  const { name, arn, mode, retentionPeriodHours } = stream
  const hours = useSignal(retentionPeriodHours)
  const otherMode = mode === 'PROVISIONED' ? 'ON_DEMAND' : 'PROVISIONED'
  return (
    <section class="panel stack">
      <dl class="facts-list">
        <dt>ARN</dt>
        <dd class="mono">{arn}</dd>
        <dt>Capacity mode</dt>
        <dd class="row">
          {mode === 'PROVISIONED' ? 'Provisioned' : 'On demand'}
          <button
            type="button"
            onClick={() =>
              change.start('UpdateStreamMode', {
                StreamARN: arn,
                StreamModeDetails: { StreamMode: otherMode },
              })
            }
          >
            Change to {otherMode === 'ON_DEMAND' ? 'on demand' : 'provisioned'}
          </button>
        </dd>
      </dl>
      <form
        class="row end"
        onSubmit={(event) => {
          event.preventDefault()
          const operation =
            hours.value > retentionPeriodHours
              ? 'IncreaseStreamRetentionPeriod'
              : 'DecreaseStreamRetentionPeriod'
          void change.start(operation, { StreamName: name, RetentionPeriodHours: hours.value })
        }}
      >
        <label>
          Retention, hours (24 to 8,760)
          <input
            type="number"
            min={24}
            max={8760}
            required
            value={hours}
            onInput={(event) => {
              hours.value = event.currentTarget.valueAsNumber || 24
            }}
          />
        </label>
        <button type="submit" disabled={change.busy.value || hours.value === retentionPeriodHours}>
          Change retention
        </button>
      </form>
    </section>
  )
}

function Tags({ name, tags, change }: Changing & { readonly name: string; readonly tags: readonly Tag[] }) {
  const tagKey = useSignal('')
  const tagValue = useSignal('')
  return (
    <section class="panel stack">
      <h2>Tags</h2>
      {tags.length === 0 && <p class="muted">It has none.</p>}
      {tags.length > 0 && (
        <table>
          <thead>
            <tr>
              <th>Key</th>
              <th>Value</th>
              <th>Change</th>
            </tr>
          </thead>
          <tbody>
            {tags.map(({ Key, Value = '' }) => (
              <tr key={Key}>
                <th scope="row">{Key}</th>
                <td>{Value}</td>
                <td>
                  <button
                    type="button"
                    onClick={() => change.start('RemoveTagsFromStream', { StreamName: name, TagKeys: [Key] })}
                  >
                    Remove
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <form
        class="row end"
        onSubmit={(event) => {
          event.preventDefault()
          void change.start('AddTagsToStream', {
            StreamName: name,
            Tags: { [tagKey.value]: tagValue.value },
          })
        }}
      >
        <label>
          Key
          <input
            required
            maxLength={128}
            value={tagKey}
            onInput={(event) => {
              tagKey.value = event.currentTarget.value
            }}
          />
        </label>
        <label>
          Value
          <input
            maxLength={256}
            value={tagValue}
            onInput={(event) => {
              tagValue.value = event.currentTarget.value
            }}
          />
        </label>
        <button type="submit">Add tag</button>
      </form>
    </section>
  )
}
