import adapter from '@sveltejs/adapter-static';

/** @type {import('@sveltejs/kit').Config} */
export default {
	compilerOptions: { runes: ({ filename }) => !filename.includes('node_modules') || undefined },
	kit: {
		adapter: adapter({ fallback: 'index.html', strict: true }),
		// One address serves every path, so assets are named from the root.
		paths: { relative: false },
		// The server embeds the build and names its own version; the page asks for no version file.
		version: { pollInterval: 0 }
	}
};
