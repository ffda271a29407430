import { fork } from 'node:child_process';
import { stage } from './stage.mjs';

await stage();
for (const f of process.argv.slice(2)) {
  const file = (await import('node:fs')).readdirSync(new URL('rows/', import.meta.url)).find((n) => n.startsWith(f));
  const lines = await new Promise((res, rej) => {
    const c = fork(new URL('row.mjs', import.meta.url), [file, 'full'], { execArgv: ['--expose-gc'] });
    c.on('message', res);
    c.on('exit', (k) => k && rej(k));
  });
  console.log('##', file);
  for (const l of lines)
    console.log(
      l.label.padEnd(60),
      '|',
      String(l.ours).padEnd(26),
      l.how,
      '|',
      l.target,
      '|',
      JSON.stringify(l.others),
    );
}
process.exit();
