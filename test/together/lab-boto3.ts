import { together } from './together.ts'

await together('lab/lab.boto3.test.ts')
