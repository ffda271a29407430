import { stage } from './stage.mjs';

await stage();
process.exit();
