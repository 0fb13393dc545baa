// Somebody else's reader of Parquet: prints the rows of a file as JSON.
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'

const rows = await parquetReadObjects({ file: await asyncBufferFromFile(process.argv[2]), compressors })
console.log(JSON.stringify(rows, (_, value) => typeof value === 'bigint' ? Number(value) : value))
