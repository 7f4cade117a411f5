import { Refusal, type Problem, type Schemas } from './client';

/** Sends a file to be previewed and tells how far it has come, which fetch cannot. The address and the answer are those of preview-import. */
export function sendWorkbook(file: File, valid: string, onProgress: (fraction: number) => void): Promise<Schemas['PlanView']> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `/api/imports?${new URLSearchParams({ name: file.name, valid }).toString()}`);
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.responseType = 'json';
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    request.onload = () => {
      if (request.status === 201) resolve(request.response as Schemas['PlanView']);
      else reject(new Refusal(request.response as Problem));
    };
    request.onerror = () => reject(new Refusal({ type: 'about:blank', title: '', status: 0, kind: 'unreachable', detail: '', message: { zh: '', en: '' } }));
    request.send(file);
  });
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
