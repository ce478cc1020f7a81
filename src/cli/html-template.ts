// Finds the built page that HTML reports are made from: in the package beside this file, in a clone below dist/.
import { access, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const folders = [join(here, '../web'), join(here, '../../dist/web')];

/** The report's template. Throws with what to do when the page was never built. */
export async function readHtmlTemplate(): Promise<string> {
  return readFile(join(await webFolder(), 'report.html'), 'utf8');
}

/** The folder of the built pages. */
export async function webFolder(): Promise<string> {
  for (const folder of folders) {
    const exists = await access(join(folder, 'report.html')).then(
      () => true,
      () => false,
    );
    if (exists) return folder;
  }
  throw new Error(
    'the HTML page has not been built: run `npm run build:web` once (npm ci does it unless scripts are off)',
  );
}
