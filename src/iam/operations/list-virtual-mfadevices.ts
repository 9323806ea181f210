import { list, required, structure } from '../../service/shape.ts'
import { virtualMfaDeviceShape } from '../description.ts'
import { operation } from '../iam.ts'
import { assignmentStatus, pageEnd, paging } from '../shapes.ts'

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListVirtualMFADevices.html */
export const listVirtualMFADevices = operation({
  name: 'ListVirtualMFADevices',
  input: structure({ AssignmentStatus: assignmentStatus, ...paging }),
  output: structure({ VirtualMFADevices: required(list(virtualMfaDeviceShape)), ...pageEnd }),
  async handle() {
    return { VirtualMFADevices: [], IsTruncated: false }
  },
})
