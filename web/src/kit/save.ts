/** Gives the reader a file that the page or the server made. */
export function saveFile(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** A table as CSV that Excel and WPS open with Chinese intact. A cell that a sheet would take for a formula is quoted as text. */
export function csv(rows: (string | number | null | undefined)[][]): Blob {
  const cell = (value: string | number | null | undefined) => {
    if (value === null || value === undefined) return '';
    if (typeof value === 'number') return String(value);
    const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
    return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return new Blob(['\ufeff', rows.map((row) => row.map(cell).join(',')).join('\r\n'), '\r\n'], { type: 'text/csv;charset=utf-8' });
}

/** A drawing as PNG at twice its size, sharp on paper. */
export function pngOf(drawing: string): Promise<Blob> {
  return new Promise((resolve, reject) => {
    const address = URL.createObjectURL(new Blob([drawing], { type: 'image/svg+xml' }));
    const picture = new Image();
    picture.onload = () => {
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [picture.width * 2, picture.height * 2];
      canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height);
      URL.revokeObjectURL(address);
      canvas.toBlob((content) => (content ? resolve(content) : reject(new Error('the picture is empty'))), 'image/png');
    };
    picture.onerror = () => reject(new Error('the drawing cannot be read'));
    picture.src = address;
  });
}
