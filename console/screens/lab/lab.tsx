import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { LabStepView } from '../../../src/api/views.ts'
import { Needs } from '../../parts/access/needs.tsx'
import { Failure } from '../../parts/action.tsx'
import { hrefOf } from '../../router.ts'
import { labSteps, textOf } from '../../server/api.ts'
import { now, overview } from '../../server/live.ts'
import { poll } from '../../server/polling.ts'
import { mayDo } from '../../server/session.ts'
import { countText, relativeText } from '../../texts/quantity.ts'
import { openedWithoutNewlines } from '../objects/opened.ts'
import { CleanUp } from './clean-up.tsx'
import { LAB_STEPS, stepHref } from './steps.ts'
import { type Stumble, stumblesOf } from './stumbles.ts'

const PERIOD_MS = 1_000

/** The lab as a checklist that ticks itself, from the calls that are observed; a stumble is told at its step. */
export function LabScreen() {
  const steps = useSignal<readonly LabStepView[]>([])
  const failure = useSignal('')
  const mayLook = mayDo('standpipe:GetLab')
  useEffect(() => {
    const refresh = async (signal: AbortSignal) => {
      try {
        steps.value = await labSteps(signal)
        failure.value = ''
      } catch (error) {
        if (!signal.aborted) failure.value = textOf(error)
      }
    }
    return mayLook ? poll(refresh, PERIOD_MS) : undefined
  }, [mayLook])
  const said = overview.value
  const stumbles = said ? stumblesOf({ ...said, now: now.value }, openedWithoutNewlines.value) : []
  const done = steps.value.filter(({ at }) => at !== undefined).length
  return (
    <>
      <div class="spread">
        <div>
          <h1>The lab</h1>
          <p class="muted" role="status">
            {done} of {countText(steps.value.length, 'step')} done; each ticks itself when its call is seen,
            whoever makes it.
          </p>
        </div>
        <CleanUp />
      </div>
      <Needs actions={['standpipe:GetLab']} to="see which steps are done" />
      <Failure text={failure.value} />
      <ol class="steps">
        {steps.value.map(({ step, at }) => {
          const { title, text } = LAB_STEPS[step]
          const href = stepHref(step, said)
          return (
            <li key={step} class={at === undefined ? '' : 'done'}>
              <span class="tick" aria-hidden="true">
                {at === undefined ? '' : '✓'}
              </span>
              <div>
                <h2>
                  {href ? <a href={href}>{title}</a> : title}{' '}
                  <span class="visually-hidden">{at === undefined ? 'open' : 'done'}</span>
                </h2>
                <p class="muted">{text}</p>
                <div class="stack">
                  {stumbles
                    .filter((stumble) => stumble.step === step)
                    .map((stumble) => (
                      <StumbleNotice key={stumble.title} stumble={stumble} />
                    ))}
                </div>
              </div>
              {at !== undefined && <p class="muted number">{relativeText(at, now.value)}</p>}
            </li>
          )
        })}
      </ol>
    </>
  )
}

function StumbleNotice({ stumble: { title, text, path, query } }: { readonly stumble: Stumble }) {
  return (
    <p class="notice warn">
      <a href={hrefOf(path, query)}>{title}</a> {text}
    </p>
  )
}
