// Bundles and runs relook.ts: screenshots of an exported page with this checkout's viewer.
import { runBundled } from './bundle.mjs';
await runBundled('relook.ts');
