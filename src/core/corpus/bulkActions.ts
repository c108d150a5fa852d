/** Files for Elasticsearch's bulk API, where a line with an id stands above each record. */
import { isRecord } from './nested.js';
import type { NestedRecord } from './nested.js';
import type { SplitRecord } from './splitRecord.js';

const actions = new Set(['index', 'create', 'update']);

/** Records with what the action above them says; a record's own fields come first. */
export async function* withoutBulkActions(
  records: AsyncIterable<SplitRecord>,
): AsyncGenerator<SplitRecord> {
  let above: NestedRecord | null = null;
  for await (const found of records) {
    const action = found.value === null ? null : actionIn(found.value);
    if (action !== null) {
      above = action;
      continue;
    }
    const { value } = found;
    yield above === null || value === null ? found : { ...found, value: { ...above, ...value } };
    above = null;
  }
}

/** `{"index": {"_index": "notes", "_id": "1"}}` */
function actionIn(record: NestedRecord): NestedRecord | null {
  const [name, ...others] = Object.keys(record);
  if (name === undefined || others.length > 0 || !actions.has(name)) return null;
  const target = record[name];
  const isTarget = isRecord(target) && ('_id' in target || '_index' in target);
  return isTarget ? target : null;
}
