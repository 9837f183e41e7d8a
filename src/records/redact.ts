import { homedir, tmpdir } from 'node:os';

/*
 * Records are shared. What comes from settings, sockets and file systems is taken out before it is written: tokens,
 * credentials, URLs of robots, and paths that name a person or a machine. Notebook text is the author's own and stays.
 */

const SECRET_KEY =
  /^(.*[-_])?(token|secret|password|passwd|pass|api[-_]?key|apikey|authorization|auth|cookie|credential|credentials|bearer|private[-_]?key)$/i;
const URL_TEXT = /\b(?:wss?|https?|ftp|file|ssh|vscode-[a-z-]+):\/\/[^\s"'<>`)\]}]+/gi;
const SECRET_TEXT =
  /\b(token|secret|password|passwd|api[-_]?key|apikey|access_token|authorization)\b(["']?\s*[=:]\s*["']?)(?:bearer\s+)?[^\s"'&,;)}\]]+/gi;
const BEARER = /\bbearer\s+[\w.~+/=-]{8,}/gi;
/** Keys whose shape says what they are: OpenAI, GitHub, Slack, Google, AWS, JSON Web Tokens. */
const KNOWN_KEYS =
  /\b(sk-[\w-]{16,}|gh[pousr]_\w{20,}|github_pat_\w{20,}|xox[abprs]-[\w-]{10,}|AIza[\w-]{30,}|AKIA[A-Z0-9]{16}|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*)/g;
/** Folders that paths of people and machines start with. Topics such as /front/points are not paths. */
const ROOTS = 'home|Users|root|tmp|var|private|mnt|media|opt|usr|etc|srv|workspaces?|Volumes';
const UNIX_PATH = new RegExp(`(^|[^\\w./])~?/(?:${ROOTS})(?![\\w-])(?:/[^\\s"'\`<>|:;,)\\]}]*)?`, 'g');
const HOME_PATH = /(^|[^\w./])~\/[^\s"'`<>|:;,)\]}]*/g;
const WINDOWS_PATH = /(^|[^\w])(?:[A-Za-z]:[\\/]|\\\\[\w.$-]+\\)[^\s"'`<>|;,)\]}]*/g;

/** Text without secrets, URLs and absolute paths; of a path its last part stays. */
export function redactText(text: string): string {
  if (text.length < 4) return text;
  let out = text;
  for (const known of machinePaths()) out = out.replaceAll(known, '/home');
  out = out.replace(URL_TEXT, '<url>').replace(SECRET_TEXT, '$1$2<removed>');
  out = out.replace(BEARER, 'Bearer <removed>').replace(KNOWN_KEYS, '<removed>');
  return out.replace(WINDOWS_PATH, shorten).replace(UNIX_PATH, shorten).replace(HOME_PATH, shorten);
}

function shorten(path: string, before: string): string {
  const last =
    path
      .slice(before.length)
      .split(/[\\/]/)
      .filter((part) => part !== '')
      .at(-1) ?? '';
  const base = /^[\w.@+ -]+\.[\w]{1,8}(\.[\w]{1,8})?$/.test(last) ? last : '<path>';
  return `${before}${base}`;
}

let known: string[] | undefined;

/** This machine's own folders, whatever they are called, longest first. */
function machinePaths(): string[] {
  known ??= [homedir(), process.cwd(), tmpdir()]
    .filter((path) => path.length > 4)
    .sort((a, b) => b.length - a.length);
  return known;
}

/** A JSON value with every text redacted, and values of keys that hold secrets taken out. Typed arrays stay as they are. */
export function redact(value: unknown): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) return value.some((v) => typeof v !== 'number') ? value.map(redact) : value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [
      redactText(key),
      // Buffers are content, and text patterns would only ever damage them.
      key === 'base64'
        ? entry
        : SECRET_KEY.test(key) && (typeof entry === 'string' || typeof entry === 'number')
          ? '<removed>'
          : redact(entry),
    ]),
  );
}
