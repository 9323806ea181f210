import { useSignal } from '@preact/signals'
import type { ProblemView } from '../../src/api/views.ts'
import { now, overview } from '../server/live.ts'
import { countText, relativeText, utcText } from '../texts/quantity.ts'
import { Dialog } from './dialog.tsx'

/** Says on every screen that something is wrong with the server, and opens the list of it. */
export function ProblemsBanner() {
  const isOpen = useSignal(false)
  const { problems = [], problemCount = 0, unlistedProblems = {} } = overview.value ?? {}
  const [first] = problems
  // What is announced has to be there before it is said.
  if (!first) return <div role="status" />
  const count = countText(problemCount, 'problem')
  // No time that goes on: it would be announced again and again.
  const since = utcText(first.since).replace(/\.\d+/, '')
  return (
    <>
      <div role="status" class="notice bad problems">
        <p>
          <strong>{count}</strong>
          {problemCount > 1 && ', the worst'} since {since}: {first.where}: {first.what}.
        </p>
        <button
          type="button"
          onClick={() => {
            isOpen.value = true
          }}
        >
          What to do
        </button>
      </div>
      {isOpen.value && (
        <Dialog
          label={count}
          drawer
          onClose={() => {
            isOpen.value = false
          }}
        >
          {problems.length < problemCount && (
            <p class="muted">
              The worst {problems.length} of them, without{' '}
              {Object.entries(unlistedProblems)
                .map(([code, unlisted]) => `${unlisted} ${code}`)
                .join(', ')}
              ; the server’s log tells of all.
            </p>
          )}
          <ul class="problem-list">
            {problems.map((problem) => (
              <ProblemItem key={`${problem.code} ${problem.where}`} problem={problem} />
            ))}
          </ul>
        </Dialog>
      )}
    </>
  )
}

function ProblemItem({ problem: { code, where, what, since } }: { readonly problem: ProblemView }) {
  return (
    <li>
      <h3>
        {where} <span class="badge bad">{code}</span>
      </h3>
      <p>{what}.</p>
      <p class="muted">{adviceFor(code)}</p>
      <p class="muted number">
        Since {utcText(since).replace(/\.\d+/, '')}, {relativeText(since, now.value)}
      </p>
    </li>
  )
}

const ROLE =
  'Make the role with IAM, if it is not there, let it trust the service, and give it the action: docs/access.md has the commands. Then it goes on by itself, from where it was.'

/** What can be done about each kind of problem, beside what it says itself. */
const ADVICE: Readonly<Record<string, string>> = {
  StorageFull: 'Make room on the disk of the data folder. Reads go on, writes are refused until then.',
  QuotaMet:
    'The page Space shows what takes how much, and sets quotas. Nothing that waits for a bucket is lost: it is delivered when there is room.',
  LogStopped: 'Look at the disk, then start the server anew: what was acknowledged is there.',
  KeyFileWrong: 'Mend the file and send the server SIGHUP: then it is read again.',
  FillsUp: 'The page Space shows what takes how much: delete something, or make room on the disk.',
  KeysUnusable:
    'A backup that was made --with-keys has that file, and so may the machine that the folder comes from.',
  NotificationsFailing:
    'Look at who is to be told: is the stream there, does the webhook answer 2xx within 5 s? The page of the bucket tells when it is tried again. Puts go on, and nothing is lost within 24 hours.',
  NotificationsGivenUp:
    'The page of the bucket lists them as dead letters, and sends them again or drops them; they are kept for 14 days.',
  AccessLogBroken: 'Requests that come meanwhile are not in it, and are served all the same.',
  Damaged:
    'Nothing damaged is served. Delete what is named or put it again, restore a backup, and look at the disk: standpipe doctor --verify reads everything.',
  DataLost: 'It was there before and is gone: restore a backup if it is needed.',
  RecordsGone:
    'They were gone from the stream before they could be delivered: a longer retention, or a destination that is mended sooner, keeps that from happening again.',
  RecordsExpiring:
    'IncreaseStreamRetentionPeriod keeps them for longer; better mend the destination, or update it to another one: what waits is delivered then.',
  DeliveryFailing:
    'Make the bucket, or say another one with UpdateDestination: then it goes on by itself, from where it was.',
  SourceAccessDenied: ROLE,
  DeliveryAccessDenied: ROLE,
  QuerySuspended: 'Change the query with UpdateDestination; what is in the error output can be put again.',
  QueryUnfinished: 'Nothing is lost: its records wait. A machine with less to do may finish it.',
}

const adviceFor = (code: string): string =>
  ADVICE[code] ?? 'It goes away by itself when it is solved; the server’s log tells more.'
