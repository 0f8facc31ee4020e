import adapter from '@sveltejs/adapter-static';
import { hasten } from './scripts/first.mjs';

// Compressed once here; the server sends a file as whoever asks can read it.
const files = adapter({ fallback: 'index.html', precompress: true, strict: true });

/** The page that answers every path, before it is compressed. */
const hastened = (builder) =>
	Object.assign(Object.create(builder), {
		async generateFallback(file) {
			await builder.generateFallback(file);
			hasten(file);
		}
	});

/** @type {import('@sveltejs/kit').Config} */
export default {
	compilerOptions: { runes: ({ filename }) => !filename.includes('node_modules') || undefined },
	kit: {
		adapter: { name: files.name, adapt: (builder) => files.adapt(hastened(builder)) },
		// One address serves every path, so assets are named from the root.
		paths: { relative: false },
		// The server embeds the build and names its own version; the page asks for no version file.
		version: { pollInterval: 0 }
	}
};
