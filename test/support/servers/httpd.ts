/** What every Apache of these tests has: the head of its configuration, and its command. */

import { LOG, type Place } from './process.js';

const MODULES = '/usr/lib/apache2/modules';

/** The file of a module. */
export function moduleFile(name: string): string {
  return `${MODULES}/mod_${name}.so`;
}

/** The head of a configuration: where it listens, and what it loads. */
export function httpdHead({ folder, port }: Place, modules: string, name = '127.0.0.1'): string {
  return `
ServerName ${name}
Listen 127.0.0.1:${port}
DefaultRuntimeDir ${folder}
PidFile ${folder}/pid
ErrorLog ${folder}/${LOG}
User www-data
Group www-data
${modules
  .split(' ')
  .map((module) => `LoadModule ${module}_module ${moduleFile(module)}`)
  .join('\n')}
DocumentRoot ${folder}/www`;
}

/** Stays in the foreground. */
export function httpdCommand({ folder }: Place): readonly [string, ...string[]] {
  return ['apache2', '-d', folder, '-f', `${folder}/httpd.conf`, '-DFOREGROUND'];
}
