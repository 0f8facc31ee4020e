/**
 * Makes the script that docs load, `gateway/script/page.ts`, into what the gateway carries: one small file, and the
 * same compressed.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'vite';

const SCRIPT = new URL('../../../gateway/script/', import.meta.url);

/** The script's text, as small as it gets. */
export async function pageScript() {
	const built = await build({
		configFile: false,
		logLevel: 'silent',
		build: {
			write: false,
			target: 'es2021',
			rolldownOptions: {
				input: fileURLToPath(new URL('page.ts', SCRIPT)),
				// The script is a function by itself: no module, and nothing of ours around it.
				output: { format: 'es' }
			}
		}
	});
	return built.output[0].code.trim();
}

/** As it is sent to browsers that can read it. */
export const brotli = (text) =>
	brotliCompressSync(text, {
		params: {
			[constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
			[constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
			[constants.BROTLI_PARAM_SIZE_HINT]: Buffer.byteLength(text)
		}
	});

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const text = await pageScript();
	const folder = new URL('build/', SCRIPT);
	mkdirSync(folder, { recursive: true });
	writeFileSync(new URL('s.js', folder), text);
	writeFileSync(new URL('s.js.br', folder), brotli(text));
	writeFileSync(new URL('s.js.gz', folder), gzipSync(text, { level: 9 }));
	console.log(`page script: ${text.length} bytes, ${brotli(text).length} as brotli`);
}
