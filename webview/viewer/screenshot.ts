/** Pictures beside each other in one PNG, as they stand on screen. Rejects where the browser makes none. */
export function captureOf(canvases: readonly HTMLCanvasElement[]): Promise<Blob> {
  const [first] = canvases;
  const picture = canvases.length === 1 && first ? first : besides(canvases);
  return new Promise((done, fail) => {
    picture.toBlob(
      (blob) => (blob ? done(blob) : fail(new Error('the browser made no picture'))),
      'image/png',
    );
  });
}

function besides(canvases: readonly HTMLCanvasElement[]): HTMLCanvasElement {
  const picture = document.createElement('canvas');
  picture.width = canvases.reduce((sum, { width }) => sum + width, 0);
  picture.height = Math.max(...canvases.map(({ height }) => height));
  const context = picture.getContext('2d');
  let x = 0;
  for (const canvas of canvases) {
    context?.drawImage(canvas, x, 0);
    x += canvas.width;
  }
  return picture;
}

/** Saves a picture the way a browser does, which VS Code's notebooks know too. */
export function download(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
