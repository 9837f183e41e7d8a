/** A text cut into lines as CommonMark ends them: LF, CR LF or a lone CR. Lines count from 0 in here. */
export class SourceLines {
  readonly text: string;
  /** number of lines; text after the last line end counts, nothing after it does not */
  readonly count: number;
  private readonly starts: Uint32Array;

  constructor(text: string, limit = Infinity) {
    this.text = text;
    let starts = new Uint32Array(1024);
    let n = 0;
    for (let at = 0; at < text.length; at = lineEndAfter(text, at)) {
      if (n > limit) break;
      if (n === starts.length) {
        const wider = new Uint32Array(2 * n);
        wider.set(starts);
        starts = wider;
      }
      starts[n++] = at;
    }
    this.starts = starts;
    this.count = n;
  }

  /** Offset at which `line` starts; the text's length for lines behind the last. */
  start(line: number): number {
    return line < this.count ? (this.starts[line] as number) : this.text.length;
  }

  /** Exact text of lines `from` up to and without `to`, line ends included. */
  slice(from: number, to: number): string {
    return this.text.slice(this.start(from), this.start(to));
  }

  /** One line without its end. */
  line(line: number): string {
    return this.text.slice(this.start(line), this.contentEnd(line));
  }

  isBlank(line: number): boolean {
    const end = this.contentEnd(line);
    for (let i = this.start(line); i < end; i++) {
      const c = this.text.charCodeAt(i);
      if (c !== 32 && c !== 9) return false;
    }
    return true;
  }

  /** First line at or after `line`, before `end`, that is not blank; `end` where there is none. */
  skipBlank(line: number, end: number): number {
    while (line < end && this.isBlank(line)) line++;
    return line;
  }

  private contentEnd(line: number): number {
    const start = this.start(line);
    let end = this.start(line + 1);
    if (end > start && this.text.charCodeAt(end - 1) === 10) end--;
    if (end > start && this.text.charCodeAt(end - 1) === 13) end--;
    return end;
  }
}

function lineEndAfter(text: string, from: number): number {
  const lf = text.indexOf('\n', from);
  const end = lf < 0 ? text.length : lf;
  for (let i = from; i < end; i++) {
    if (text.charCodeAt(i) === 13) return i + 1 === lf ? lf + 1 : i + 1;
  }
  return lf < 0 ? text.length : lf + 1;
}

/** Line feeds only. */
export const toLineFeeds = (text: string): string =>
  text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
