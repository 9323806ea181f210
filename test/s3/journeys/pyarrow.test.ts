import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clientEnvironment } from '../../client-access.ts'
import { run, temporaryFolder } from '../../process.ts'
import { serveS3 } from '../serve-s3.ts'

const SCRIPT = `
import os
import pandas as pd, pyarrow as pa, pyarrow.dataset as ds, pyarrow.parquet as pq
from pyarrow import fs

s3 = fs.S3FileSystem(endpoint_override=os.environ["ENDPOINT"], scheme="http", region="us-east-1",
                     access_key=os.environ["AWS_ACCESS_KEY_ID"], secret_key=os.environ["AWS_SECRET_ACCESS_KEY"], allow_bucket_creation=True, allow_bucket_deletion=True)

# A dataset in partitions, as a delivery stream's consumers write it: '=' in keys, many small uploads in parts.
table = pa.table({"day": ["2026-07-01", "2026-07-02", "2026-07-03"] * 5000, "value": list(range(15000))})
ds.write_dataset(table, "lake/clicks", filesystem=s3, format="parquet",
                 partitioning=ds.partitioning(pa.schema([("day", pa.string())]), flavor="hive"))
back = ds.dataset("lake/clicks", filesystem=s3, partitioning="hive")
assert back.count_rows() == 15000
assert back.count_rows(filter=ds.field("day") == "2026-07-02") == 5000
days = sorted(info.base_name for info in s3.get_file_info(fs.FileSelector("lake/clicks")) if not info.is_file)
assert days == ["day=2026-07-01", "day=2026-07-02", "day=2026-07-03"], days

# One large file, written in several parts and read in ranges.
data = os.urandom(12_000_000)
with s3.open_output_stream("lake/raw/large.bin", metadata={"Content-Type": "application/x-test"}) as out:
    for at in range(0, len(data), 1_000_000):
        out.write(data[at:at + 1_000_000])
with s3.open_input_file("lake/raw/large.bin") as file:
    assert file.size() == len(data)
    assert file.read_at(1000, 7_000_000) == data[7_000_000:7_001_000]
    assert file.metadata()["Content-Type"] == b"application/x-test", file.metadata()
with s3.open_input_stream("lake/raw/large.bin") as stream:
    assert stream.read() == data

frame = pd.DataFrame({"name": ["ü", "b"], "count": [1, 2]})
frame.to_parquet("lake/frames/a b&c.parquet", filesystem=s3)
assert pd.read_parquet("lake/frames/a b&c.parquet", filesystem=s3).equals(frame)

s3.copy_file("lake/raw/large.bin", "lake/raw/copy.bin")
s3.move("lake/raw/copy.bin", "lake/raw/moved.bin")
assert s3.get_file_info("lake/raw/copy.bin").type == fs.FileType.NotFound
assert s3.get_file_info("lake/raw/moved.bin").size == len(data)
s3.create_dir("lake/empty/dir")
assert s3.get_file_info("lake/empty/dir").type == fs.FileType.Directory
s3.create_dir("pond")
s3.delete_dir("pond")
for folder in ["clicks", "raw", "frames", "empty"]:
    s3.delete_dir(f"lake/{folder}")
left = s3.get_file_info(fs.FileSelector("lake", recursive=True))
assert left == [], left
print("done")
`

const noPyarrow =
  (await run('python3', ['-c', 'import pyarrow.parquet, pandas']).catch(() => ({ code: 1 }))).code !== 0 &&
  'pyarrow or pandas is not installed'

test('pyarrow and pandas write, list, read and remove datasets', { skip: noPyarrow }, async (t) => {
  const { endpoint, errors } = await serveS3(t)
  const env = {
    ...process.env,
    HOME: temporaryFolder(t),
    ...clientEnvironment(endpoint),
    ENDPOINT: endpoint.replace('http://', ''),
  }
  const { stdout, stderr } = await run('python3', ['-c', SCRIPT], { env })
  assert.equal(stdout, 'done\n', stderr)
  assert.deepEqual(errors, [])
})
