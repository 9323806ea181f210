import type { Counter } from './create-meters.ts'
import { counter, familiesText, gauge, labelsText, type Sample, snake } from './family.ts'
import type { KnownProblems } from './problems.ts'

/**
 * CloudWatch's metrics as Prometheus text: `AWS/Kinesis` `PutRecord.Success` with `StreamName` is
 * `aws_kinesis_put_record_success_sum{stream_name="…"}`, and `_count` beside it (CloudWatch's SampleCount).
 * https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function prometheusText(counters: readonly Counter[]): string {
  const families = Map.groupBy(counters, ({ namespace, metric }) => `${snake(namespace)}_${snake(metric)}`)
  return [...families].map(([name, members]) => familyText(name, members)).join('')
}

/** How many problems there are of each kind, and how often each kind was reported: what failed and was repeated, too. */
export function problemsText(problems: Pick<KnownProblems, 'list' | 'reports'>): string {
  const now = [...Map.groupBy(problems.list(), ({ code }) => code)].map(
    ([code, { length }]) => [code, length] as const,
  )
  const often = [...problems.reports()]
  return familiesText([
    gauge('standpipe_problems', 'What is wrong now, by kind', now.map(byCode)),
    counter(
      'standpipe_problem_reports_total',
      'How often something was found wrong, by kind',
      often.map(byCode),
    ),
  ])
}

const byCode = ([code, value]: readonly [code: string, value: number]): Sample => ({
  labels: { code },
  value,
})

function familyText(name: string, members: readonly Counter[]): string {
  const [first] = members
  const lines = members.flatMap(({ dimensions, sum, samples }) => [
    `${name}_sum${labelsText(dimensions)} ${sum}`,
    `${name}_count${labelsText(dimensions)} ${samples}`,
  ])
  return `# HELP ${name} CloudWatch's ${first?.namespace} ${first?.metric}\n# TYPE ${name} summary\n${lines.join('\n')}\n`
}
