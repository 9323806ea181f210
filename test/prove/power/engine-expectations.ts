import type { EngineQuestion } from './engine-questions.ts'

/** A question, and its answer if there was one before the cut. */
export interface Exchange {
  readonly question: EngineQuestion
  readonly answer?: unknown
}

export interface ExpectedLog {
  /** What must be there: positions and the entries' numbers. */
  readonly acknowledged: Map<number, number>
  /** Every entry's number that was ever sent here. */
  readonly asked: Set<number>
  trimmedBefore: number
  /** Below this it may be trimmed. */
  askedTrim: number
  sealedAt: number | undefined
  isSealAsked: boolean
}
interface ExpectedGroup {
  state: 'there' | 'gone' | 'uncertain'
  readonly logs: Map<string, ExpectedLog>
}
interface ExpectedDocument {
  /** It has one of these; null: it is not there. `underWay`: the commit of which it is a part was not answered. */
  readonly values: { readonly value: number | null; readonly underWay?: Commit }[]
}
interface Commit {
  readonly values: Readonly<Record<string, number | null>>
}
export interface Expectations {
  readonly documents: ReadonlyMap<string, ExpectedDocument>
  readonly groups: ReadonlyMap<string, ExpectedGroup>
  readonly blobs: ReadonlyMap<string, { readonly number: number; readonly size: number }>
  /** No position up to here may be given again. */
  readonly lastPosition: number
}

/** What must be there, and what may be, after what was asked and answered. Each group and key had one asker. */
export function expectationsOf(exchanges: readonly Exchange[]): Expectations {
  const documents = new Map<string, ExpectedDocument>()
  const groups = new Map<string, ExpectedGroup>()
  const blobs = new Map<string, { number: number; size: number }>()
  const deleted = new Set<string>()
  let lastPosition = 0
  const groupOf = (name: string) => {
    const group = groups.get(name) ?? { state: 'uncertain', logs: new Map() }
    groups.set(name, group)
    return group
  }
  for (const { question, answer } of exchanges) {
    const isAnswered = answer !== undefined
    if (typeof answer === 'number') {
      const count = question.what === 'append' ? question.count : 1
      if (question.what === 'append' || question.what === 'seal')
        lastPosition = Math.max(lastPosition, answer + count - 1)
    }
    if (question.what === 'ensure') {
      const group = groupOf(question.group)
      if (isAnswered) group.state = 'there'
      else if (group.state === 'gone') group.state = 'uncertain'
    } else if (question.what === 'drop') {
      const group = groupOf(question.group)
      if (isAnswered) groups.set(question.group, { state: 'gone', logs: new Map() })
      else forget(group)
    } else if (question.what === 'commit') expectCommit(documents, question, isAnswered)
    else if (question.what === 'blob') {
      if (isAnswered) blobs.set(answer as string, question)
    } else if (question.what === 'copy blob') {
      const original = blobs.get(question.id)
      if (isAnswered && original) blobs.set(answer as string, original)
    } else if (question.what === 'delete blob') deleted.add(question.id)
    else expectInLog(groupOf(question.group), question, answer as number | undefined)
  }
  for (const id of deleted) blobs.delete(id)
  return { documents, groups, blobs, lastPosition }
}

/** It may have been dropped, and made again later: what was in it may be there. */
function forget(group: ExpectedGroup): void {
  group.state = 'uncertain'
  for (const log of group.logs.values()) {
    log.acknowledged.clear()
    log.isSealAsked ||= log.sealedAt !== undefined
    log.sealedAt = undefined
    log.trimmedBefore = 0
  }
}

function expectCommit(documents: Map<string, ExpectedDocument>, commit: Commit, isAnswered: boolean): void {
  for (const [key, value] of Object.entries(commit.values)) {
    const before = documents.get(key)?.values ?? [{ value: null }]
    documents.set(key, { values: isAnswered ? [{ value }] : [...before, { value, underWay: commit }] })
  }
}

function expectInLog(
  group: ExpectedGroup,
  question: Extract<EngineQuestion, { readonly log: string }>,
  answer: number | undefined,
): void {
  const log = group.logs.get(question.log) ?? {
    acknowledged: new Map(),
    asked: new Set(),
    trimmedBefore: 0,
    askedTrim: 0,
    sealedAt: undefined,
    isSealAsked: false,
  }
  group.logs.set(question.log, log)
  if (question.what === 'append')
    for (let index = 0; index < question.count; index++) {
      log.asked.add(question.from + index)
      if (answer !== undefined) log.acknowledged.set(answer + index, question.from + index)
    }
  else if (question.what === 'trim') {
    log.askedTrim = Math.max(log.askedTrim, question.before)
    if (answer !== undefined) log.trimmedBefore = Math.max(log.trimmedBefore, question.before)
  } else {
    log.isSealAsked = true
    log.sealedAt = answer ?? log.sealedAt
  }
}
