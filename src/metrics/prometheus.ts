import type { Counter } from './create-meters.ts'
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
  return (
    byCode('standpipe_problems', 'gauge', 'What is wrong now, by kind', now) +
    byCode('standpipe_problem_reports_total', 'counter', 'How often something was found wrong, by kind', [
      ...problems.reports(),
    ])
  )
}

function byCode(
  name: string,
  type: 'gauge' | 'counter',
  help: string,
  values: readonly (readonly [code: string, value: number])[],
): string {
  const lines = values.map(([code, value]) => `${name}${labels({ code })} ${value}\n`)
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`
}

/** What is so now. */
export interface GaugeFamily {
  readonly name: string
  readonly help: string
  readonly samples: readonly { readonly labels: Readonly<Record<string, string>>; readonly value: number }[]
}

export const gaugesText = (families: readonly GaugeFamily[]): string =>
  families
    .map(({ name, help, samples }) => {
      const lines = samples.map((sample) => `${name}${labels(sample.labels)} ${sample.value}\n`)
      return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${lines.join('')}`
    })
    .join('')

export const gaugeText = (name: string, help: string, samples: GaugeFamily['samples']): string =>
  gaugesText([{ name, help, samples }])

function familyText(name: string, members: readonly Counter[]): string {
  const [first] = members
  const lines = members.flatMap(({ dimensions, sum, samples }) => [
    `${name}_sum${labels(dimensions)} ${sum}`,
    `${name}_count${labels(dimensions)} ${samples}`,
  ])
  return `# HELP ${name} CloudWatch's ${first?.namespace} ${first?.metric}\n# TYPE ${name} summary\n${lines.join('\n')}\n`
}

const snake = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toLowerCase()

function labels(dimensions: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(dimensions).map(([name, value]) => `${snake(name)}="${escaped(value)}"`)
  return pairs.length > 0 ? `{${pairs.join(',')}}` : ''
}

const escaped = (value: string): string =>
  value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
