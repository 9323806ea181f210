import { together } from './together.ts'

await together('lab/lab.sdk.test.ts')
