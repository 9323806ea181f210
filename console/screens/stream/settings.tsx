import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { StreamView } from '../../../src/api/views.ts'
import { Needs } from '../../parts/access/needs.tsx'
import { ResourcePolicy } from '../../parts/access/resource-policy.tsx'
import { Failure, useAction } from '../../parts/action.tsx'
import { ConfirmButton } from '../../parts/confirm-button.tsx'
import { hrefOf, navigate } from '../../router.ts'
import { aws, textOf } from '../../server/api.ts'
import { mayDo } from '../../server/session.ts'

interface Tag {
  readonly Key: string
  readonly Value?: string
}

interface Changing {
  /** An operation of Kinesis, by its name and input. */
  readonly change: ReturnType<typeof useAction<[operation: string, input: object]>>
}

const LIST_TAGS = 'kinesis:ListTagsForStream'
const GET_POLICY = 'kinesis:GetResourcePolicy'

/** Retention, mode, tags, and the end of the stream. */
export function SettingsTab({ stream }: { readonly stream: StreamView }) {
  const { name } = stream
  const tags = useSignal<readonly Tag[]>([])
  const failure = useSignal('')
  const mayList = mayDo(LIST_TAGS)
  const refresh = async () => {
    if (!mayDo(LIST_TAGS)) return
    tags.value = (await aws<{ Tags: Tag[] }>('kinesis', 'ListTagsForStream', { StreamName: name })).Tags
  }
  useEffect(() => {
    refresh().catch((error) => {
      failure.value = textOf(error)
    })
  }, [name, mayList])
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
      <section class="panel stack">
        <h2>Resource policy</h2>
        <Needs actions={[GET_POLICY]} to="see it">
          <ResourcePolicy action={GET_POLICY} of={stream.arn} read={() => policyOf(stream.arn)} sayNone />
        </Needs>
      </section>
      <section class="panel spread">
        <p>Deleting the stream forgets its records; what was delivered stays in its bucket.</p>
        <Needs actions={['kinesis:DeleteStream']} to="delete the stream">
          <ConfirmButton
            label="Delete stream"
            question={`Delete the stream ${name} and all its records?`}
            onConfirm={() => remove.start()}
          />
        </Needs>
      </section>
    </div>
  )
}

/** Kinesis answers `{}` where there is none. */
async function policyOf(ResourceARN: string): Promise<string | undefined> {
  const { Policy } = await aws<{ Policy: string }>('kinesis', 'GetResourcePolicy', { ResourceARN })
  return Policy === '{}' ? undefined : Policy
}

function Capacity({ stream, change }: Changing & { readonly stream: StreamView }) {
  const { name, arn, mode, retentionPeriodHours } = stream
  const hours = useSignal(retentionPeriodHours)
  const isShorter = hours.value < retentionPeriodHours
  const action = isShorter ? 'kinesis:DecreaseStreamRetentionPeriod' : 'kinesis:IncreaseStreamRetentionPeriod'
  const otherMode = mode === 'PROVISIONED' ? 'ON_DEMAND' : 'PROVISIONED'
  return (
    <section class="panel stack">
      <dl class="facts-list">
        <dt>ARN</dt>
        <dd class="mono">{arn}</dd>
        <dt>Capacity mode</dt>
        <dd class="row">
          {mode === 'PROVISIONED' ? 'Provisioned' : 'On demand'}
          {mayDo('kinesis:UpdateStreamMode') && (
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
          )}
        </dd>
      </dl>
      <form
        class="row end"
        onSubmit={(event) => {
          event.preventDefault()
          void change.start(action.replace('kinesis:', ''), {
            StreamName: name,
            RetentionPeriodHours: hours.value,
          })
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
        <Needs actions={[action]} to={`${isShorter ? 'shorten' : 'lengthen'} the retention`}>
          <button type="submit" disabled={change.busy.value || hours.value === retentionPeriodHours}>
            Change retention
          </button>
        </Needs>
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
      <Needs actions={[LIST_TAGS]} to="see the tags">
        {tags.length === 0 && <p class="muted">It has none.</p>}
      </Needs>
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
                  {mayDo('kinesis:RemoveTagsFromStream') && (
                    <button
                      type="button"
                      onClick={() =>
                        change.start('RemoveTagsFromStream', { StreamName: name, TagKeys: [Key] })
                      }
                    >
                      Remove
                    </button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <Needs actions={['kinesis:AddTagsToStream']} to="add a tag">
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
      </Needs>
    </section>
  )
}
