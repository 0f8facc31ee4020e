import { sveltekit } from '@sveltejs/kit/vite';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { framesAtOnce, GROUPS } from './scripts/chunks.mjs';

/**
 * The framework's root component hides its route announcer with a `style` attribute, which the
 * page's policy (`style-src 'self'`) refuses. `base.css` hides it by id instead.
 */
const noInlineStyle: Plugin = {
	name: 'no-inline-style',
	enforce: 'pre',
	transform(code, id) {
		if (!/generated\/root\.svelte(\?|$)/.test(id)) return;
		return code.replace(/(id="svelte-announcer"[^>]*?) style="[^"]*"/, '$1');
	}
};

export default defineConfig({
	plugins: [noInlineStyle, framesAtOnce, sveltekit()],
	build: {
		target: 'es2022',
		manifest: true,
		modulePreload: { polyfill: false },
		rolldownOptions: { output: { codeSplitting: { groups: GROUPS } } }
	},
	server: { proxy: { '/api': 'http://127.0.0.1:8081' } },
	// Some read every source or make a file anew, which takes a busy machine a while.
	test: { include: ['src/**/*.test.ts'], environment: 'node', testTimeout: 60_000 }
});
