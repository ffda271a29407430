/** nginx with auth_basic, the only scheme it has. */

import { area } from './content.js';
import { htpasswd } from './passwords.js';
import { LOG, launch, type Place, type RunningServer } from './process.js';

/** Starts nginx: `/basic/`, where PUT stores a file (of at most 4 MiB). */
export function nginx(): Promise<RunningServer> {
  return launch({
    files: (place) => ({ 'nginx.conf': configuration(place), htpasswd: htpasswd(), ...area('basic') }),
    command: ({ folder }) => [
      'nginx',
      ...['-p', folder, '-c', `${folder}/nginx.conf`, '-e', `${folder}/${LOG}`, '-g', 'daemon off;'],
    ],
  });
}

const SCRATCH = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];

function configuration({ folder, port }: Place): string {
  return `
user root;
worker_processes 1;
pid ${folder}/pid;
events {}
http {
  access_log off;
  ${SCRATCH.map((name) => `${name}_temp_path ${folder}/${name};`).join('\n  ')}
  server {
    listen 127.0.0.1:${port};
    root ${folder}/www;
    location /basic/ {
      auth_basic "Basic Realm";
      auth_basic_user_file ${folder}/htpasswd;
      dav_methods PUT;
      client_max_body_size 4m;
    }
  }
}
`;
}
