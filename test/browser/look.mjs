// Bundles and runs look.ts: screenshots of the viewer in every theme, to be looked at by a person.
import { runBundled } from './bundle.mjs';
await runBundled('look.ts');
