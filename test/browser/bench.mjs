// Bundles and runs bench.ts: node test/browser/bench.mjs [--quick] [--json]
import { runBundled } from './bundle.mjs';
await runBundled('bench.ts');
