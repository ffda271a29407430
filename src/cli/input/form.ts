/** Reads `-F NAME=VALUE`, `-F NAME=@FILE` and `-F 'NAME=@FILE;type=TYPE'`. */

import { basename } from 'node:path';
import { EXIT, Stop } from '../io/exit.js';
import { fileOf } from './data.js';

/** The parts as multipart/form-data. @throws Stop */
export async function formOf(parts: readonly string[], signal: AbortSignal): Promise<FormData> {
  const form = new FormData();
  for (const [index, part] of parts.entries()) {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(part) ?? [];
    if (name === undefined || value === undefined) {
      throw new Stop(EXIT.usage, `form part ${index + 1} is not of the form NAME=VALUE`);
    }
    await append(form, name, value, signal);
  }
  return form;
}

async function append(form: FormData, name: string, value: string, signal: AbortSignal): Promise<void> {
  if (value.startsWith('<')) return form.append(name, (await fileOf(value.slice(1), signal)).toString('utf8'));
  if (!value.startsWith('@')) return form.append(name, value);
  const [path = '', ...settings] = value.slice(1).split(';');
  const settingOf = (key: string) => settings.find((one) => one.startsWith(`${key}=`))?.slice(key.length + 1);
  const type = settingOf('type') ?? 'application/octet-stream';
  const bytes = await fileOf(path, signal);
  form.append(name, new Blob([new Uint8Array(bytes)], { type }), settingOf('filename') ?? basename(path));
}
