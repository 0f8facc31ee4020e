// With the program itself, so that the words are on their way while the page is fetched.
import './lib/i18n/arriving';
import type { HandleClientError } from '@sveltejs/kit';

/** A mistyped address is no fault to report. */
export const handleError: HandleClientError = ({ error, status, message }) => {
	if (status !== 404) console.error(error);
	return { message };
};
