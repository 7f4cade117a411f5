import { Refusal, type Problem, type Schemas } from './client';

/** The sorts of tables that come in, and where each is sent: the addresses and answers are those of read-import and read-project-import. */
const readings = { households: '/api/import-readings', projects: '/api/project-import-readings' } as const;
export type TableSort = keyof typeof readings;

/** A table on its way to the server, which may be stopped. */
export interface Sending {
  answer: Promise<Schemas['ReadingView']>;
  stop: () => void;
}

/** Sends a table to be read and tells how far it has come, which fetch cannot. One that is stopped never answers. */
export function sendTable(sort: TableSort, id: string, file: File, valid: string, onProgress: (fraction: number) => void): Sending {
  const request = new XMLHttpRequest();
  const answer = new Promise<Schemas['ReadingView']>((resolve, reject) => {
    request.open('PUT', `${readings[sort]}/${id}?${new URLSearchParams({ name: file.name, valid }).toString()}`);
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.responseType = 'json';
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    request.onload = () => {
      if (request.status === 202) resolve(request.response as Schemas['ReadingView']);
      else reject(new Refusal(request.response as Problem));
    };
    request.onerror = () => reject(new Refusal({ type: 'about:blank', title: '', status: 0, kind: 'unreachable', detail: '', message: { zh: '', en: '' } }));
    request.send(file);
  });
  return { answer, stop: () => request.abort() };
}

/** Gives a file of the server to the browser to keep, under the name the server gave it. */
export function keepFile(content: Blob, headers: Headers): void {
  const name = /filename\*=UTF-8''([^;]+)/.exec(headers.get('Content-Disposition') ?? '')?.[1];
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name === undefined ? '' : decodeURIComponent(name);
  link.click();
  URL.revokeObjectURL(link.href);
}
