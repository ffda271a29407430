/** Measures one row in a process of its own, so that no row warms or disturbs another: `fork('row.mjs', [file, mode])`. */

const [file, mode] = process.argv.slice(2);
const { run } = await import(`./rows/${file}`);
const lines = await run({ quick: mode === 'quick' });
process.send(lines, () => process.exit());
