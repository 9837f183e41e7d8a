// Bundles and runs run.ts: the viewer's tests in headless Chromium.
import { runBundled } from './bundle.mjs';
await runBundled('run.ts');
