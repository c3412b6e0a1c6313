/** A thread that audits what explains a run's networks; on the embedded engine, as explanations are. */
import type { AuditRequest } from '../../core/trust/audit.ts';
import { answerTask } from '../platform/threads.ts';
import { computeAudit } from './audit/audit.ts';
import { openWasmEngine } from './engine/wasm/wasmEngine.ts';

await answerTask(async (request: AuditRequest, report) =>
  computeAudit(await openWasmEngine(), request, report),
);
